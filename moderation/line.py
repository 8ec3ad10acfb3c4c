"""The queue as a moderator sees it: order, filters, the head, one item with its surroundings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.utils.functional import Promise

from accounts.models import Account, Bureau
from core import clock
from core.dates import ZONE
from core.texts import pick
from moderation import policies, registry
from moderation.models import Decision, Item, Report
from moderation.querysets import ItemQuerySet
from moderation.registry import TargetView


@dataclass(frozen=True, slots=True)
class Filters:
    """What the moderator narrowed the queue to; unknown values are no filter."""

    kind: str = ""
    bureau: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From an address; a kind that is not registered is left out."""
        kind = query.get("kind", "")
        return cls(kind=kind if registry.known(kind) else "", bureau=query.get("bureau", "")[:20])

    @property
    def query(self) -> str:
        """The filters as an address carries them: ``?kind=…&bureau=…`` or nothing."""
        pairs = (("kind", self.kind), ("bureau", self.bureau))
        kept = {name: value for name, value in pairs if value}
        return f"?{urlencode(kept)}" if kept else ""

    def narrow(self, rows: ItemQuerySet) -> ItemQuerySet:
        """The rows that match."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.bureau:
            rows = rows.filter(bureau_code=self.bureau)
        return rows


def end_of_day(now: dt.datetime) -> dt.datetime:
    """The coming midnight in Hong Kong: what closes by then closes tonight."""
    day = now.astimezone(ZONE).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Head:
    """How much waits, since when, and what closes tonight."""

    waiting: int
    oldest_at: dt.datetime | None
    closing_tonight: int


def head(rows: ItemQuerySet, now: dt.datetime) -> Head:
    """The three figures, in one query."""
    found = rows.aggregate(
        waiting=Count("pk"),
        oldest_at=Min("created_at"),
        tonight=Count("pk", filter=Q(urgent_at__gt=now, urgent_at__lte=end_of_day(now))),
    )
    return Head(found["waiting"], found["oldest_at"], found["tonight"])


def waiting_for(account: Account, filters: Filters, now: dt.datetime) -> ItemQuerySet:
    """What waits for this moderator, in order."""
    rows = policies.visible_items(account, now).waiting()
    return filters.narrow(rows).in_order(now)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. ``view`` is None when the room has no such text any more."""

    item: Item
    view: TargetView | None
    kind_title: str | Promise
    own: bool


def rows_of(items: Sequence[Item], account: Account) -> list[Row]:
    """The items with their texts: as many queries as there are kinds, not items."""
    views: dict[tuple[str, str], TargetView] = {}
    by_kind = sorted(items, key=lambda item: item.kind)
    for kind, group in groupby(by_kind, key=lambda item: item.kind):
        if registry.known(kind):
            found = registry.find(kind).views([item.target_id for item in group])
            views.update({(kind, public_id): view for public_id, view in found.items()})
    return [
        Row(
            item=item,
            view=views.get((item.kind, item.target_id)),
            kind_title=registry.find(item.kind).title if registry.known(item.kind) else item.kind,
            own=policies.is_own(account, item.author_id),
        )
        for item in items
    ]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter."""

    value: str
    text: str
    count: int
    chosen: bool


def options(
    account: Account, filters: Filters, now: dt.datetime
) -> tuple[list[Option], list[Option]]:
    """The kinds and the bodies that have something waiting, with counts; two queries."""
    counted = list(
        policies.visible_items(account, now)
        .waiting()
        .order_by()
        .values("kind", "bureau_code")
        .annotate(number=Count("pk"))
    )
    kinds: dict[str, int] = {}
    bodies: dict[str, int] = {}
    for row in counted:
        kinds[row["kind"]] = kinds.get(row["kind"], 0) + row["number"]
        bodies[row["bureau_code"]] = bodies.get(row["bureau_code"], 0) + row["number"]
    if filters.kind:
        kinds.setdefault(filters.kind, 0)
    if filters.bureau:
        bodies.setdefault(filters.bureau, 0)
    names = {
        body.code: pick(body.name).text
        for body in Bureau.objects.filter(code__in=[code for code in bodies if code])
    }
    return (
        [
            Option(kind, str(registry.find(kind).title), number, kind == filters.kind)
            for kind, number in sorted(kinds.items())
            if registry.known(kind)
        ],
        [
            Option(code, names[code], number, code == filters.bureau)
            for code, number in sorted(bodies.items(), key=lambda pair: names.get(pair[0], ""))
            if code in names
        ],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the queue as filtered: "4 of 31", and its neighbours."""

    position: int
    total: int
    previous: tuple[str, str] | None
    next: tuple[str, str] | None


def place_of(item: Item, account: Account, filters: Filters, now: dt.datetime) -> Place:
    """The item's place; position 0 when it does not wait there (decided, or filtered away)."""
    order = list(waiting_for(account, filters, now).values_list("pk", "kind", "public_id"))
    index = next((number for number, row in enumerate(order) if row[0] == item.pk), None)
    if index is None:
        return Place(0, len(order), None, order[0][1:] if order else None)
    before = order[index - 1][1:] if index else None
    after = order[index + 1][1:] if index + 1 < len(order) else None
    return Place(index + 1, len(order), before, after)


def following(item: Item, account: Account, filters: Filters) -> tuple[str, str] | None:
    """Kind and id of what comes after the item, asked before it is decided; own texts left out.

    At the end of the list it is the first one that still waits; None when nothing does.
    """
    now = clock.now()
    rows = waiting_for(account, filters, now).exclude(author_id=account.person.public_id)
    order = list(rows.values_list("pk", "kind", "public_id"))
    index = next((number for number, row in enumerate(order) if row[0] == item.pk), None)
    others = [row for row in order if row[0] != item.pk]
    if not others:
        return None
    place = index if index is not None and index < len(others) else 0
    return others[place][1], others[place][2]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What helps to decide: earlier decisions here and on the author, and reports."""

    decisions: list[Decision]
    reports: list[Report]
    author_published: int
    author_withheld: int


def surroundings(item: Item) -> Surroundings:
    """Three queries, whatever the history."""
    earlier = {"publish": 0, "withhold": 0}
    if item.author_id:
        counted = (
            Decision.objects.filter(item__author_id=item.author_id)
            .exclude(kind=item.kind, target_id=item.target_id)
            .values("verdict")
            .annotate(number=Count("pk"))
        )
        earlier.update({row["verdict"]: row["number"] for row in counted})
    same = {"kind": item.kind, "target_id": item.target_id}
    return Surroundings(
        decisions=list(
            Decision.objects.filter(**same).select_related("decided_by").order_by("-pk")[:20]
        ),
        reports=list(Report.objects.filter(**same).order_by("-created_at", "-pk")[:50]),
        author_published=earlier["publish"],
        author_withheld=earlier["withhold"],
    )
