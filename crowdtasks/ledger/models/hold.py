"""What is held: earned, and not yet the person's to spend."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crowdtasks.ledger.models.account import PointsAccount
from crowdtasks.ledger.models.entry import Entry
from crowdtasks.ledger.querysets import HoldQuerySet


class Hold(models.Model):
    """Points of one entry on their holder's pending account, until a time, a review, or both.

    The row goes when they are released, taken back or given up: it is the list of what waits, the
    history is the entries'. The holds of an account sum to its balance (``verify_ledger``).
    """

    entry = models.OneToOneField(
        Entry, primary_key=True, on_delete=models.PROTECT, related_name="hold"
    )
    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="holds")
    points = models.BigIntegerField()
    until = models.DateTimeField(null=True, blank=True)
    review = models.BooleanField(default=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1), name="ledger_hold_points"),
            models.CheckConstraint(
                condition=Q(review=True) | Q(until__isnull=False), name="ledger_hold_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(review=False), name="ledger_hold_due"),
        ]

    def __str__(self) -> str:
        return f"{self.points} of {self.entry_id}"
