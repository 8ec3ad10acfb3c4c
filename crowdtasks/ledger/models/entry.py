"""Entries and their legs: what moved, why, by whom. Written once, by triggers too."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from core.ids import public_id
from crowdtasks.ledger.amounts import MOST_POINTS
from crowdtasks.ledger.models.account import SOURCE_PK
from crowdtasks.ledger.querysets import EntryQuerySet, LegQuerySet


class EntryKind(models.TextChoices):
    """What an entry is. The words stand in people's statements."""

    GRANT = "grant", pgettext_lazy("points", "Budget granted")
    RESERVE = "reserve", pgettext_lazy("points", "Set aside")
    TOP_UP = "top_up", pgettext_lazy("points", "Set aside in addition")
    RETURN = "return", pgettext_lazy("points", "Rest returned to the budget")
    EARN = "earn", pgettext_lazy("points", "Earned")
    RELEASE = "release", pgettext_lazy("points", "Released")
    TAKE_BACK = "take_back", pgettext_lazy("points", "Taken back")
    SPEND = "spend", pgettext_lazy("points", "Spent")
    REFUND = "refund", pgettext_lazy("points", "Given back")
    EXPIRE = "expire", pgettext_lazy("points", "Expired")
    FORFEIT = "forfeit", pgettext_lazy("points", "Given up with the account")
    MERGE = "merge", pgettext_lazy("points", "Moved from another account of yours")
    AWARD = "award", pgettext_lazy("points", "Added by a correction")
    DEDUCT = "deduct", pgettext_lazy("points", "Taken by a correction")
    REVERSAL = "reversal", pgettext_lazy("points", "Correction taken back")


class _Written(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once; afterwards it raises TypeError."""
        if not self._state.adding:
            raise TypeError("The ledger is never changed: write a reversing entry.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never: raises TypeError."""
        raise TypeError("Nothing is deleted from the ledger: write a reversing entry.")


class Entry(_Written):
    """One move of points: legs that sum to zero, under a key that is used once.

    ``points`` is what moved. ``digest`` seals the entry with its legs (``books.seal``). ``by`` and
    ``second`` are the officers who did it and agreed; neither is the person whose points move.
    ``reverses`` is the one entry that this one takes back.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    points = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    engagement = models.ForeignKey(
        "participation.Engagement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    at = models.DateTimeField()

    AUDITED_FIELDS = ("key", "kind", "points", "digest", "person_id", "engagement_id", "at")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MOST_POINTS), name="ledger_entry_points"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="ledger_entry_has_key"),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | (Q(by__isnull=False) & ~Q(second=F("by"))),
                name="ledger_entry_two_people",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True)
                | Q(by__isnull=True)
                | (~Q(by=F("person")) & (Q(second__isnull=True) | ~Q(second=F("person")))),
                name="ledger_entry_not_to_oneself",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="ledger_entry_statement"),
            models.Index(fields=["engagement", "-id"], name="ledger_entry_engagement"),
            models.Index(fields=["bureau", "-id"], name="ledger_entry_bureau"),
        ]

    def __str__(self) -> str:
        return self.key


class Leg(_Written):
    """One side of an entry on one account.

    ``number`` counts the account's legs from 1 without a gap, ``balance`` is what it then holds and
    ``credited`` the sum of all it ever received. What went out is ``credited - balance``, so the
    oldest points that are left are those of the first leg with ``credited`` above it (ADR 48).
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="legs")
    account = models.ForeignKey(
        "ledger.PointsAccount", on_delete=models.PROTECT, related_name="legs"
    )
    number = models.BigIntegerField()
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()
    credited = models.BigIntegerField()
    at = models.DateTimeField()

    AUDITED_FIELDS = ("entry_id", "account_id", "number", "amount", "balance", "credited", "at")

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="ledger_leg_number"),
            models.UniqueConstraint(fields=["entry", "account"], name="ledger_leg_once"),
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-MOST_POINTS, amount__lte=MOST_POINTS),
                name="ledger_leg_amount",
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0) | Q(account=SOURCE_PK), name="ledger_leg_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(credited__gte=0) & Q(credited__gte=F("balance")),
                name="ledger_leg_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "credited"], condition=Q(amount__gt=0), name="ledger_leg_lots"
            ),
            models.Index(
                fields=["account", "at", "credited"],
                condition=Q(amount__gt=0),
                name="ledger_leg_lots_by_time",
            ),
            models.Index(fields=["at"], condition=Q(amount__gt=0), name="ledger_leg_came_in"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.number}"
