"""Reads of the ledger that several parts share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connection, models
from django.db.models import F, OuterRef, Subquery

if TYPE_CHECKING:
    from crowdtasks.ledger.models import Leg, PointsAccount


#: Accounts looked at by one statement; no act on points moves between more.
AT_ONCE = 8
_LAST = """
    SELECT leg.* FROM ledger_pointsaccount AS account
      JOIN ledger_leg AS leg ON leg.account_id = account.id
       AND leg.number = (SELECT MAX(number) FROM ledger_leg WHERE account_id = account.id)
     WHERE account.id IN (%s, %s, %s, %s, %s, %s, %s, %s)
"""
#: ``account.PERSONS``.
KINDS_OF_A_PERSON = 4
_HELD_BY = """
    SELECT {columns} FROM ledger_pointsaccount
     WHERE person_id = %s AND kind IN (%s, %s, %s, %s) ORDER BY id {locked}
"""
_LAST_OF_PERSON = """
    SELECT {columns} FROM ledger_pointsaccount AS account
      JOIN ledger_leg AS leg ON leg.account_id = account.id
       AND leg.number = (SELECT MAX(number) FROM ledger_leg WHERE account_id = account.id)
     WHERE account.person_id = %s AND account.kind IN (%s, %s, %s, %s)
"""
_CREDITED_BEFORE = """
    SELECT credited FROM ledger_leg WHERE account_id = %s AND amount > 0 AND at < %s
     ORDER BY at DESC, credited DESC LIMIT 1
"""


def _four(kinds: Sequence[str]) -> list[str | None]:
    """The kinds as a statement takes them, which has a place for four."""
    return [*kinds, *[None] * (KINDS_OF_A_PERSON - len(kinds))]


def _columns(model: type[models.Model], prefix: str = "") -> str:
    """The columns of a model in the order in which it is made of them."""
    return ", ".join(f"{prefix}{field.column}" for field in model._meta.concrete_fields)


def _instances(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> list[Any]:
    names = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(connection.alias, names, row) for row in rows]


def batched(accounts: Collection[int]) -> Iterator[list[int]]:
    """The accounts, as many at a time as one statement looks at."""
    keys = list(accounts)
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


class PointsAccountQuerySet(models.QuerySet):
    """Accounts, with what their latest leg says."""

    def held_by(self, person: int, kinds: Sequence[str]) -> list[PointsAccount]:
        """The person's accounts of these kinds, up to four, locked in one order.

        On SQLite the transaction itself is the lock (it begins IMMEDIATE). Written out, as below.
        """
        locked = "FOR UPDATE" if connection.features.has_select_for_update else ""
        rows: Any = self.raw(_HELD_BY.format(columns="*", locked=locked), [person, *_four(kinds)])
        return list(rows)

    def held_with_last(
        self, person: int, kinds: Sequence[str]
    ) -> tuple[list[PointsAccount], dict[int, Leg]]:
        """The same, and the latest leg of each that has one, by account.

        PostgreSQL is sent both in one message; each has a snapshot of its own all the same, so the
        second sees what the first has waited for.
        """
        legs = apps.get_model("ledger.Leg")
        if connection.vendor != "postgresql":
            rows = self.held_by(person, kinds)
            return rows, legs.objects.last_of([row.pk for row in rows])
        held = _HELD_BY.format(columns=_columns(self.model), locked="FOR UPDATE")
        last = _LAST_OF_PERSON.format(columns=_columns(legs, "leg."))
        with connection.cursor() as cursor:
            cursor.execute(f"{held}; {last}", [person, *_four(kinds)] * 2)
            rows = _instances(self.model, cursor.fetchall())
            cursor.nextset()
            found = _instances(legs, cursor.fetchall())
        return rows, {leg.account_id: leg for leg in found}

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
        """The latest leg of each of these accounts that has one, by account.

        Written out, since every act on points asks it, mostly while others wait: putting it
        together each time took longer than the database did.
        """
        found: dict[int, Leg] = {}
        for part in batched(accounts):
            rows: Any = self.raw(_LAST, [*part, *[None] * (AT_ONCE - len(part))])
            found |= {row.account_id: row for row in rows}
        return found

    def credited_before(self, account: int, moment: dt.datetime) -> int:
        """The sum of all that the account received before the moment. One look at an index."""
        given = connection.ops.adapt_datetimefield_value(moment)
        with connection.cursor() as cursor:
            cursor.execute(_CREDITED_BEFORE, [account, given])
            found = cursor.fetchone()
        return int(found[0]) if found else 0


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
