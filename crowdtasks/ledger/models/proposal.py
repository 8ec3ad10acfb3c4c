"""What waits for a second administrator (P11)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from core.ids import public_id
from crowdtasks.ledger.amounts import MOST_POINTS
from crowdtasks.ledger.models.entry import Entry, EntryKind


class ProposalKind(models.TextChoices):
    """What is proposed; the values are those of the entries that come of it."""

    GRANT = EntryKind.GRANT.value, pgettext_lazy("points", "Grant to a budget")
    AWARD = EntryKind.AWARD.value, pgettext_lazy("points", "Add points by a correction")
    DEDUCT = EntryKind.DEDUCT.value, pgettext_lazy("points", "Take points by a correction")
    REVERSAL = EntryKind.REVERSAL.value, pgettext_lazy("points", "Take a correction back")
    TAKE_BACK = EntryKind.TAKE_BACK.value, pgettext_lazy("points", "Take a reward back")


class Verdict(models.TextChoices):
    """What became of it."""

    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"


_K = ProposalKind
_TARGETED = [_K.REVERSAL.value, _K.TAKE_BACK.value]


class Proposal(models.Model):
    """An act above the limit: one officer proposes, another administrator agrees or declines.

    ``bureau`` is whose budget gets or pays, ``person`` whose points move, ``target`` the entry that
    is reversed. Nothing moves before the second has agreed; ``entry`` is what moved then, with both
    names on it. Neither of the two is ``person``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    #: The form's: sent twice it proposes once.
    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=10, choices=ProposalKind.choices)
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target = models.ForeignKey(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    points = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, blank=True, default="", choices=Verdict.choices)
    decided_by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )

    AUDITED_FIELDS = (
        "public_id",
        "kind",
        "bureau_id",
        "person_id",
        "target_id",
        "points",
        "proposed_by_id",
        "verdict",
        "decided_by_id",
        "decided_at",
        "entry_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MOST_POINTS), name="ledger_proposal_points"
            ),
            models.CheckConstraint(
                condition=Q(kind=_K.GRANT, bureau__isnull=False, person__isnull=True)
                | Q(kind=_K.AWARD, bureau__isnull=False, person__isnull=False)
                | Q(kind=_K.DEDUCT, bureau__isnull=True, person__isnull=False)
                | Q(kind=_K.TAKE_BACK, bureau__isnull=True, person__isnull=False)
                | Q(kind=_K.REVERSAL, bureau__isnull=True),
                name="ledger_proposal_holder",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_TARGETED, target__isnull=False)
                | (~Q(kind__in=_TARGETED) & Q(target__isnull=True)),
                name="ledger_proposal_target",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__in=Verdict.values, decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_proposal_decided",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.AGREED) | ~Q(decided_by=F("proposed_by")),
                name="ledger_proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(verdict=Verdict.AGREED),
                name="ledger_proposal_moves_agreed",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True)
                | (
                    ~Q(proposed_by=F("person"))
                    & (~Q(verdict=Verdict.AGREED) | ~Q(decided_by=F("person")))
                ),
                name="ledger_proposal_not_for_oneself",
            ),
            # One reversal of an entry waits at a time.
            models.UniqueConstraint(
                fields=["target"], condition=Q(verdict=""), name="ledger_proposal_one_waits"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
