"""Votes that hold several choices: what stands now, and what was cast each time."""

from django.db import models


class VoteChoice(models.Model):
    """One choice of the vote that stands: an entry of the register and what was given to it.

    Written by ``participation.actions.choices`` alone, under the lock of its head.
    """

    vote = models.ForeignKey("participation.Vote", on_delete=models.CASCADE, related_name="choices")
    entry = models.ForeignKey(
        "participation.Contribution", on_delete=models.PROTECT, related_name="vote_choices"
    )
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "entry"], name="one_choice_an_entry"),
            models.CheckConstraint(condition=models.Q(value__gte=1), name="choice_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.entry_id}"


class VotePaper(models.Model):
    """What one event chose, and the commitment to it; append-only, beside its event.

    ``choices`` is the written form (``participation.papers``). Whoever knows the salt can make the
    commitment again; without it nothing can be read from it. A withdrawal leaves no paper.
    """

    event = models.OneToOneField(
        "participation.VoteEvent", primary_key=True, on_delete=models.CASCADE, related_name="paper"
    )
    choices = models.TextField()
    commitment = models.CharField(max_length=64)

    AUDITED_FIELDS = ("event_id", "choices", "commitment")

    def __str__(self) -> str:
        return str(self.event_id)
