"""What waits for a second administrator (P11)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from crowdtasks.ledger.models.entry import Entry


class Proposal(models.Model):
    """A grant above the limit: one administrator proposes, another agrees or declines.

    Nothing moves before that; ``entry`` is what moved then, with both names on it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    bureau = models.ForeignKey("accounts.Bureau", on_delete=models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )

    AUDITED_FIELDS = (
        "public_id",
        "bureau_id",
        "points",
        "proposed_by_id",
        "decided_by_id",
        "decided_at",
        "entry_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1), name="ledger_proposal_points"),
            models.CheckConstraint(
                condition=Q(entry__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="ledger_proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_proposal_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
