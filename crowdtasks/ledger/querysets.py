"""Reads of the ledger that several parts share."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, F, OuterRef, Subquery, Value


def _came_in(before: dt.datetime) -> Subquery:
    """Of an account: the running sum of its last incoming leg before the moment."""
    legs = apps.get_model("ledger.Leg").objects.filter(
        account=OuterRef("pk"), amount__gt=0, at__lt=before
    )
    return Subquery(legs.order_by("-at", "-credited").values("credited")[:1])


class PointsAccountQuerySet(models.QuerySet):
    """Accounts, with what their latest leg says."""

    def with_standing(self, *, before: dt.datetime | None = None) -> Self:
        """``number``, ``balance``, ``credited`` and ``last_at`` of the latest leg, None without.

        ``came_in``: the sum of all it received before a moment, where one is given, None for none.
        """
        last = apps.get_model("ledger.Leg").objects.filter(account=OuterRef("pk"))
        last = last.order_by("-number")
        came_in = Value(None, BigIntegerField()) if before is None else _came_in(before)
        return self.annotate(
            came_in=came_in,
            number=Subquery(last.values("number")[:1]),
            balance=Subquery(last.values("balance")[:1]),
            credited=Subquery(last.values("credited")[:1]),
            last_at=Subquery(last.values("at")[:1]),
        )

    def holding(self) -> Self:
        """Those that hold something, with their standing."""
        return self.with_standing().filter(balance__gt=0)

    def with_oldest_lot(self) -> Self:
        """After ``with_standing``: ``lot_at``, since when the oldest points left are there."""
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
