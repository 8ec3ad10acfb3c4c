"""What one person has one live vote on. Uniqueness is the database's (decision 5)."""

from django.db import models

from core.ids import public_id


class Choice(models.IntegerChoices):
    """The Polis form; the signs are the source data's."""

    DISAGREE = -1, "Disagree"
    PASS = 0, "Pass"
    AGREE = 1, "Agree"


class Ballot(models.Model):
    """A statement, or later a contest's vote. Rooms point to it by a OneToOne."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="ballots"
    )
    kind = models.CharField(max_length=12, default="statement")

    def __str__(self) -> str:
        return self.public_id


class Vote(models.Model):
    """The head: the one live choice. ``level`` is the person's at the time, for results by level.

    The same choice again writes nothing. No counter, no mail, no index, no chain link in this
    row's transaction: a hot counter was measured to cut 6,700 votes a second to 1,100.
    """

    ballot = models.ForeignKey(
        "participation.Ballot", on_delete=models.PROTECT, related_name="votes"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="votes")
    choice = models.SmallIntegerField(choices=Choice.choices)
    level = models.PositiveSmallIntegerField(default=1)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="one_person_one_vote"),
            models.CheckConstraint(
                condition=models.Q(choice__in=[-1, 0, 1]), name="vote_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.person_id}"


class VoteEvent(models.Model):
    """Append-only: every choice ever made; the latest by (at, id) is the head's."""

    ballot = models.ForeignKey(
        "participation.Ballot", on_delete=models.PROTECT, related_name="events"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    choice = models.SmallIntegerField(choices=Choice.choices)
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, default="web")

    AUDITED_FIELDS = ("ballot_id", "person_id", "choice", "at", "channel")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice__in=[-1, 0, 1]), name="vote_event_choice_known"
            )
        ]
        indexes = [models.Index(fields=["ballot", "person", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.person_id} {self.at}"
