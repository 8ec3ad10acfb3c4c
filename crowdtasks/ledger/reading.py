"""What the ledger says: balances and lines, in a number of queries that no history changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import Bureau, Person
from core import clock
from crowdtasks.ledger.models import AccountKind, Entry, Hold, Leg, PointsAccount
from crowdtasks.ledger.naming import Texts, name_of, with_names
from crowdtasks.ledger.rules import expired_before, expires_at, month_start
from participation.models import Engagement

PAGE = 25
#: Rows read at once where all of them are wanted.
CHUNK = 500


@dataclass(frozen=True)
class Balance:
    """A person's points now. ``expiring`` of them expire at ``next_expiry`` unless spent before."""

    available: int = 0
    pending: int = 0
    next_expiry: dt.datetime | None = None
    expiring: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a statement: what an entry changed for one person.

    ``available`` and ``pending`` are the changes, ``left`` what could be spent after it (None where
    the entry did not touch it). ``title`` and ``path`` are of what it was spent on. ``hold`` is
    what of it still waits, for a time or an officer.
    """

    entry: Entry
    available: int
    pending: int
    left: int | None
    title: Texts
    path: str
    hold: Hold | None = None


@dataclass(frozen=True)
class Page:
    """Lines, the newest first; ``older`` is the cursor of the next page, '' on the last."""

    lines: list[Line]
    older: str


def balance_of(person: Person) -> Balance:
    """What the person has now. Two queries; what has expired counts no more, job or not."""
    kinds = (AccountKind.AVAILABLE, AccountKind.PENDING)
    rows = PointsAccount.objects.filter(person=person, kind__in=kinds)
    found = {row.kind: row for row in rows.with_last("balance", "credited").with_oldest_lot()}
    pending = found.get(AccountKind.PENDING)
    held = (pending.balance or 0) if pending is not None else 0
    row = found.get(AccountKind.AVAILABLE)
    if row is None or not row.balance or not row.credited or row.lot_at is None:
        return Balance(pending=held)
    left, went_out = row.balance, row.credited - row.balance
    lot_at = row.lot_at
    if expires_at(lot_at) <= clock.now():
        # The job is late: what it will write off is gone all the same.
        due = Leg.objects.credited_before(row.pk, expired_before(clock.now())) - went_out
        left, went_out = left - due, went_out + due
        lots = Leg.objects.came_in().filter(account=row, credited__gt=went_out)
        oldest = lots.order_by("credited").first()
        if oldest is None:
            return Balance(pending=held)
        lot_at = oldest.at
    in_month = Leg.objects.credited_before(row.pk, month_start(lot_at, months=1))
    return Balance(left, held, expires_at(lot_at), in_month - went_out)


def balance_of_account(kind: AccountKind, holder: Bureau | Engagement | None = None) -> int:
    """What one account holds; 0 where there is none."""
    bureau = holder if isinstance(holder, Bureau) else None
    engagement = holder if isinstance(holder, Engagement) else None
    rows = PointsAccount.objects.filter(
        kind=kind, bureau=bureau, engagement=engagement, person=None
    )
    row = rows.with_last("balance").first()
    return (row.balance or 0) if row is not None else 0


def budget_of(bureau: Bureau) -> int:
    """What the bureau's budget holds."""
    return balance_of_account(AccountKind.BUDGET, bureau)


def escrow_of(engagement: Engagement) -> int:
    """What is set aside for the engagement and not given yet."""
    return balance_of_account(AccountKind.ESCROW, engagement)


def holds_of(person: Person) -> QuerySet[Hold]:
    """What is held for the person, what is released first at the top."""
    rows = Hold.objects.filter(account__person=person, account__kind=AccountKind.PENDING)
    return rows.select_related("entry__engagement").soonest()


def statement(person: Person, cursor: str = "", *, size: int = PAGE) -> Page:
    """One page of the person's statement, the newest line first.

    ``cursor`` is a page's ``older``; another text begins at the newest. One query, and a page costs
    the same at the end of a long history. Of persons that were merged each keeps its own lines;
    the line of the merge says what came over.
    """
    rows = Entry.objects.filter(person=person).newest()
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    lines = _lines(rows[: size + 1])
    return Page(lines[:size], str(lines[size - 1].entry.pk) if len(lines) > size else "")


def _lines(rows: QuerySet[Entry]) -> list[Line]:
    """The entries as lines; the figures of their legs come with them."""

    def figure(kind: AccountKind, name: str) -> Subquery:
        legs = Leg.objects.filter(
            entry=OuterRef("pk"), account__kind=kind, account__person=OuterRef("person")
        )
        return Subquery(legs.values(name)[:1])

    rows = with_names(rows.select_related("engagement", "reverses__engagement", "hold"))
    found = rows.annotate(
        to_available=figure(AccountKind.AVAILABLE, "amount"),
        to_pending=figure(AccountKind.PENDING, "amount"),
        left=figure(AccountKind.AVAILABLE, "balance"),
    )
    return [
        Line(
            row,
            row.to_available or 0,
            row.to_pending or 0,
            row.left,
            *name_of(row),
            hold=getattr(row, "hold", None),
        )
        for row in found
    ]


def whole_statement(person: Person) -> Iterator[Line]:
    """Every line, the newest first, read page by page; then those of each person that was merged
    into this one, whose accounts were their own: a line of the merge alone explains no point."""
    merged = person.merged_from.order_by("-pk")
    for each in (person, *merged):
        cursor = ""
        while True:
            page = statement(each, cursor, size=CHUNK)
            yield from page.lines
            cursor = page.older
            if not cursor:
                break
