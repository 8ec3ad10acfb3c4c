"""The accounts that points move between."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from crowdtasks.ledger.querysets import PointsAccountQuerySet

#: The one account that may be below zero has a number of its own, so that a CHECK can name it.
#: Sequences begin at 1 on both databases.
SOURCE_PK = 0


class AccountKind(models.TextChoices):
    """Where points can be. The source is what was ever issued, as a debt; all others hold. The
    words stand in the administrators' books."""

    SOURCE = "source", pgettext_lazy("points", "Points ever issued")
    BUDGET = "budget", pgettext_lazy("points", "Budget of a bureau")
    ESCROW = "escrow", pgettext_lazy("points", "Set aside and not given yet")
    PENDING = "pending", pgettext_lazy("points", "Held for the person")
    AVAILABLE = "available", pgettext_lazy("points", "The person's to spend")
    REDEEMED = "redeemed", pgettext_lazy("points", "Spent by the person")
    EXPIRED = "expired", pgettext_lazy("points", "Expired")
    REVERSED = "reversed", pgettext_lazy("points", "Taken by corrections")
    FORFEITED = "forfeited", pgettext_lazy("points", "Left behind by closed accounts")


PERSONS = (
    AccountKind.PENDING,
    AccountKind.AVAILABLE,
    AccountKind.REDEEMED,
    AccountKind.EXPIRED,
)
NOBODYS = (AccountKind.SOURCE, AccountKind.REVERSED, AccountKind.FORFEITED)


def _held_by(kinds: tuple[str, ...], holder: str = "") -> Q:
    """The kinds with just this holder, or with none."""
    null = {f"{name}__isnull": name != holder for name in ("bureau", "engagement", "person")}
    return Q(kind__in=list(kinds), **null)


class PointsAccount(models.Model):
    """One account. What it holds is the running balance of its latest leg; the row is its lock.

    What a person spent or lost is on accounts of that person, so that no two people's entries
    wait for one row.
    """

    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    engagement = models.ForeignKey(
        "participation.Engagement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Of an escrow: since when its rest is back in the budget, until it is filled again.
    closed_at = models.DateTimeField(null=True, blank=True)

    # What the latest leg says, where ``with_last`` asked for it; ``lot_at`` by ``with_oldest_lot``.
    balance: int | None
    credited: int | None
    lot_at: dt.datetime | None

    objects = PointsAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_held_by((AccountKind.BUDGET,), "bureau")
                | _held_by((AccountKind.ESCROW,), "engagement")
                | _held_by(PERSONS, "person")
                | _held_by(NOBODYS),
                name="ledger_account_holder",
            ),
            models.CheckConstraint(
                condition=Q(pk=SOURCE_PK, kind=AccountKind.SOURCE)
                | (~Q(pk=SOURCE_PK) & ~Q(kind=AccountKind.SOURCE)),
                name="ledger_account_source",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(kind=AccountKind.ESCROW),
                name="ledger_account_only_escrows_close",
            ),
            models.UniqueConstraint(fields=["person", "kind"], name="ledger_account_of_person"),
            models.UniqueConstraint(fields=["bureau", "kind"], name="ledger_account_of_bureau"),
            models.UniqueConstraint(
                fields=["engagement", "kind"], name="ledger_account_of_engagement"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=_held_by(NOBODYS), name="ledger_account_of_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
