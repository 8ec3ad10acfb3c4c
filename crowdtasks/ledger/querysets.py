"""Reads of the ledger that several parts share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Subquery

if TYPE_CHECKING:
    from crowdtasks.ledger.models import Leg


class PointsAccountQuerySet(models.QuerySet):
    """Accounts, with what their latest leg says."""

    def with_last(self, *names: str) -> Self:
        """What the latest leg has under each of these names, None without one."""
        last = apps.get_model("ledger.Leg").objects.filter(account=OuterRef("pk"))
        last = last.order_by("-number")
        return self.annotate(**{name: Subquery(last.values(name)[:1]) for name in names})

    def holding(self) -> Self:
        """Those that hold something, with their balance."""
        return self.with_last("balance").filter(balance__gt=0)

    def with_oldest_lot(self) -> Self:
        """After ``with_last`` of both sums: ``lot_at``, since when the oldest points are there."""
        lots = apps.get_model("ledger.Leg").objects.filter(
            account=OuterRef("pk"),
            amount__gt=0,
            credited__gt=OuterRef("credited") - OuterRef("balance"),
        )
        return self.annotate(lot_at=Subquery(lots.order_by("credited").values("at")[:1]))


class LegQuerySet(models.QuerySet):
    """Legs as lots: what came in, in the order it goes out."""

    def came_in(self) -> Self:
        return self.filter(amount__gt=0)

    def last_of(self, accounts: Collection[int]) -> dict[int, Leg]:
        """The latest leg of each of these accounts that has one, by account. One statement.

        Written out, since every act on points asks it, mostly while others wait: putting it
        together each time took longer than the database did.
        """
        if not accounts:
            return {}
        leg = self.model._meta.db_table
        account = apps.get_model("ledger.PointsAccount")._meta.db_table
        places = ", ".join(["%s"] * len(accounts))
        # Names of our own tables and nothing else: the accounts are parameters.
        rows: Any = self.raw(
            f"SELECT leg.* FROM {account} AS account JOIN {leg} AS leg"  # noqa: S608
            f" ON leg.account_id = account.id AND leg.number ="
            f" (SELECT MAX(number) FROM {leg} WHERE account_id = account.id)"
            f" WHERE account.id IN ({places})",
            [*accounts],
        )
        return {row.account_id: row for row in rows}

    def credited_before(self, account: int, moment: dt.datetime) -> int:
        """The sum of all that the account received before the moment. One look at an index."""
        before = self.came_in().filter(account=account, at__lt=moment)
        found = before.order_by("-at", "-credited").values_list("credited", flat=True).first()
        return found or 0


class EntryQuerySet(models.QuerySet):
    """Entries."""

    def newest(self) -> Self:
        return self.order_by("-pk")


class HoldQuerySet(models.QuerySet):
    """What waits to be released."""

    def due(self, now: dt.datetime) -> Self:
        """Held for a time that is over, and not for a review."""
        return self.filter(review=False, until__lte=now)

    def soonest(self) -> Self:
        """Those with a time first, by it; then those that wait for a review."""
        return self.order_by(F("until").asc(nulls_last=True), "pk")
