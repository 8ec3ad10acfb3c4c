"""Whose points have expired or soon will, found without reading everybody's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery

from accounts.models import Person
from crowdtasks.ledger.models import AccountKind, Leg
from crowdtasks.ledger.rules import expired_before, month_start, notice_time

#: A job that was away for so many months still finds all; longer ago only a spending looks.
MONTHS_BACK = 3
_CHUNK = 500


@dataclass(frozen=True)
class Expiring:
    """Points of one person that came in before a moment and are still there."""

    person: Person
    points: int


def left_of(since: dt.datetime, before: dt.datetime) -> Iterator[Expiring]:
    """Persons with points left of what came in from ``since`` until ``before``, and how many.

    Older points that are left are counted with them. One query for each ``_CHUNK`` accounts, by
    the time the points came in.
    """
    last = Leg.objects.filter(account=OuterRef("account")).order_by("-number")
    rows = (
        Leg.objects.came_in()
        .filter(at__gte=since, at__lt=before, account__kind=AccountKind.AVAILABLE)
        .values("account_id")
        .annotate(
            came_in=Max("credited"),
            all_in=Subquery(last.values("credited")[:1]),
            balance=Subquery(last.values("balance")[:1]),
        )
        .order_by("account_id")
        .values_list("account_id", "account__person_id", "came_in", "all_in", "balance")
    )
    after = -1
    while True:
        found = list(rows.filter(account_id__gt=after)[:_CHUNK])
        if not found:
            return
        left = {
            person: came_in - (all_in - balance)
            for _account, person, came_in, all_in, balance in found
            if came_in > all_in - balance
        }
        persons = Person.objects.in_bulk(list(left))
        for pk, points in left.items():
            yield Expiring(persons[pk], points)
        after = found[-1][0]


def soon(now: dt.datetime) -> Iterator[Expiring]:
    """Persons whose points expire with the end of this month, once that is near enough to tell."""
    end = month_start(now, months=1)
    if now < end - notice_time():
        return
    before = expired_before(end)
    yield from left_of(month_start(before, months=-MONTHS_BACK), before)


def due_now(now: dt.datetime) -> Iterator[Person]:
    """Persons whose points have expired by now and are still there."""
    before = expired_before(now)
    for found in left_of(month_start(before, months=-MONTHS_BACK), before):
        yield found.person
