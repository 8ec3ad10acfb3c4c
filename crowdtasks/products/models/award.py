"""The rewards of a round: one row for each that a try has taken, claimed or waiting for its code.

Somebody who is signed in has the points at once. Anybody else gets a claim code, of which only a
hash is kept (ADR 51).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.ids import public_id
from crowdtasks.models import Decision, Objection, Part
from crowdtasks.products.models.round import Round


class AwardState(models.TextChoices):
    """What became of a reward that a try has taken."""

    #: Nobody has claimed it with its code yet.
    OPEN = "open", pgettext_lazy("of a round", "Waits to be claimed")
    #: The same, of one of many tries from one place, or of one during which somebody was signed in:
    #: it takes a reward when it is claimed, if one is left then, and an officer looks at it (ADR
    #: 68).
    LOOSE = "loose", pgettext_lazy("of a round", "Waits to be claimed; no reward is set aside")
    #: The code's date is over.
    LAPSED = "lapsed", pgettext_lazy("of a round", "Not claimed in time")
    REVIEW = "review", pgettext_lazy("of a round", "Being looked at")
    ACCEPTED = "accepted", pgettext_lazy("of a round", "Rewarded")
    #: By an officer; another one may be asked.
    DECLINED = "declined", pgettext_lazy("of a round", "Not counted")
    REFUSED = "refused", pgettext_lazy("of a round", "Not counted for good")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a round", "Withdrawn")
    #: It does not stand, but its points are given out for good: see ``states.ClaimState``.
    OVER = "over", pgettext_lazy("of a round", "Not counted; its points are given out")


#: Nobody's yet: its code can be used.
WAITING = (AwardState.OPEN, AwardState.LOOSE)
#: Somebody's, in some way.
CLAIMED = (AwardState.REVIEW, AwardState.ACCEPTED, AwardState.DECLINED, AwardState.REFUSED)
#: In one of these it takes one of the round's rewards from others.
TAKING = (
    AwardState.OPEN,
    AwardState.REVIEW,
    AwardState.ACCEPTED,
    AwardState.DECLINED,
    AwardState.OVER,
)


class Award(Part):
    """One reward of a round, taken by one try that was handed in.

    ``number`` counts the round's rewards from 1; a constraint lets one at a time have each, and
    says nothing of those that take none. The points' key in the ledger is the row's, so they are
    earned once.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    round = models.ForeignKey("products.Round", on_delete=models.PROTECT, related_name="awards")
    number = models.PositiveIntegerField()
    contribution = models.OneToOneField(
        "participation.Contribution", on_delete=models.PROTECT, related_name="award"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=AwardState.choices)
    #: Keyed hash of the claim code; '' where there was none, or once it was erased.
    code_hash = models.CharField(max_length=64, blank=True, default="")
    finished_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "round_id",
        "number",
        "contribution_id",
        "person_id",
        "state",
        "points",
        "flags",
        "seconds",
        "finished_at",
        "claimed_at",
    )

    DECIDED_WITH = ("round__engagement__owner", "contribution", "person", "appeal")
    notice = "try-decided"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], condition=Q(state__in=TAKING), name="award_number_once"
            ),
            models.UniqueConstraint(
                fields=["round", "person"],
                condition=Q(state__in=CLAIMED),
                name="one_award_a_person",
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(code_hash=""), name="award_code_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAITING)
                | (Q(person__isnull=True, points=0) & ~Q(code_hash="")),
                name="open_award_is_nobodys",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CLAIMED) | Q(person__isnull=False, claimed_at__isnull=False),
                name="claimed_award_is_somebodys",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="award_number_from_one"),
        ]
        indexes = [models.Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return self.public_id

    @property
    def funded(self) -> Round:
        """The round."""
        return self.round

    @property
    def key(self) -> str:
        """The ledger's key of its points."""
        return f"award:{self.public_id}"

    @property
    def own_path(self) -> str:
        """A page of its own: the receipt of who tried without an account is the visit's alone."""
        return f"/e/{self.round.engagement.public_id}/reward/"

    @property
    def in_vain(self) -> bool:
        """Whether its code can give nothing any more: it holds no reward, and what was left at the
        close was set aside for others."""
        return self.state == AwardState.LOOSE and self.round.closed_at is not None

    @property
    def verb(self) -> str:
        """The first word of its lines in the audit trail."""
        return "award"


class AwardReview(Decision):
    """One decision on a reward."""

    award = models.ForeignKey("products.Award", on_delete=models.PROTECT, related_name="reviews")

    AUDITED_FIELDS = ("award_id", "verdict", "reason", "on_appeal", "decided_by_id", "at")

    class Meta(Decision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["award", "on_appeal"], name="award_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.verdict}"


class AwardAppeal(Objection):
    """What somebody said to a try that was not counted; another officer reads it."""

    award = models.OneToOneField(
        "products.Award", primary_key=True, on_delete=models.PROTECT, related_name="appeal"
    )

    AUDITED_FIELDS = ("award_id", "text", "at")

    def __str__(self) -> str:
        return str(self.award_id)
