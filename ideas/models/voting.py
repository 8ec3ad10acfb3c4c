"""The public vote of a contest: its rules, what ideas cost, totals, and the result."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from ideas.voting import KINDS, VoteRules, VotingKind, kind_named


def ways() -> list[tuple[str, str | Promise]]:
    """The ways to vote that the editor offers."""
    return [(kind.key, kind.name) for kind in KINDS.values()]


class ContestVote(models.Model):
    """The vote of a contest and its one ballot; what it says stands from its opening on."""

    contest = models.OneToOneField(
        "ideas.Contest", primary_key=True, on_delete=models.PROTECT, related_name="vote"
    )
    ballot = models.OneToOneField(
        "participation.Ballot", on_delete=models.PROTECT, related_name="contest_vote"
    )
    kind = models.CharField(max_length=10, choices=ways)
    most = models.PositiveSmallIntegerField(default=0)
    budget = models.PositiveBigIntegerField(default=0)
    #: While it is open, totals are shown to those alone who have voted.
    after_own = models.BooleanField(default=False)

    AUDITED_FIELDS = ("contest_id", "ballot_id", "kind", "most", "budget", "after_own")

    def __str__(self) -> str:
        return f"{self.contest_id} {self.kind}"

    @property
    def rules(self) -> VoteRules:
        return VoteRules(self.kind, self.most, self.budget)

    @property
    def way(self) -> VotingKind:
        return kind_named(self.kind)


class IdeaCost(models.Model):
    """What an idea costs in Hong Kong dollars, as the bureau says; fixed once the vote opens."""

    idea = models.OneToOneField(
        "ideas.Idea", primary_key=True, on_delete=models.CASCADE, related_name="cost"
    )
    amount = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    AUDITED_FIELDS = ("idea_id", "amount")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="idea_cost_is_something")
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} {self.amount}"
