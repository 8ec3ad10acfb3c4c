"""How bureaux answer: of the answers that were owed by now, how many came in time.

An answer counts once its response date has passed or it is published, whichever is first; the
response date itself is still in time. Days are Hong Kong's. Withdrawn engagements and those without
a response date do not count. Fewer than ``LEAST`` answers give no rank.
"""

import datetime as dt
from dataclasses import dataclass, field

from accounts.models import Bureau
from participation.models import Engagement
from participation.stages import today

#: A bureau with fewer answers is listed without a rank: a share of so few says nothing.
LEAST = 5


@dataclass
class Record:
    """One bureau's answers. ``rank`` is 0 where there are too few; equal shares share a rank."""

    bureau: Bureau
    in_time: int = 0
    late: int = 0
    owed: int = 0
    rank: int = 0

    @property
    def total(self) -> int:
        """n: answers that were owed by now."""
        return self.in_time + self.late + self.owed

    @property
    def share(self) -> int:
        """Whole per cent answered in time."""
        return round(100 * self.in_time / self.total) if self.total else 0


@dataclass(frozen=True)
class Records:
    """``ranked`` best first; ``few`` by name; both in the numbers of ``total``."""

    ranked: list[Record] = field(default_factory=list)
    few: list[Record] = field(default_factory=list)
    as_at: dt.date = dt.date.min

    @property
    def total(self) -> int:
        return sum(row.total for row in (*self.ranked, *self.few))

    @property
    def in_time(self) -> int:
        return sum(row.in_time for row in (*self.ranked, *self.few))


def gather(now: dt.datetime) -> Records:
    """Every bureau that owed an answer by now; two queries however many there are."""
    day = today(now)
    rows = Engagement.objects.closed(now).filter(response_due__isnull=False)
    found: dict[int, Record] = {}
    values = rows.order_by().values_list("owner_id", "response_due", "outcome__published_at")
    counted = list(values)
    bureaux = Bureau.objects.in_bulk({owner for owner, _due, _at in counted})
    for owner, due, published_at in counted:
        if due is None or (published_at is None and due >= day):
            continue
        record = found.setdefault(owner, Record(bureaux[owner]))
        if published_at is None:
            record.owed += 1
        elif today(published_at) <= due:
            record.in_time += 1
        else:
            record.late += 1
    ranked = [row for row in found.values() if row.total >= LEAST]
    few = [row for row in found.values() if row.total < LEAST]
    ranked.sort(key=lambda row: (-row.in_time / row.total, -row.total, row.bureau.code))
    _rank(ranked)
    return Records(ranked, sorted(few, key=lambda row: row.bureau.code), day)


def _rank(rows: list[Record]) -> None:
    for place, row in enumerate(rows, start=1):
        before = rows[place - 2] if place > 1 else None
        # Compared as fractions: 2 of 6 and 3 of 9 are equal.
        same = before is not None and before.in_time * row.total == row.in_time * before.total
        row.rank = before.rank if before is not None and same else place
