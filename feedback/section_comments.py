"""Comments by what they are on, the most supported ones, and the texts."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fold import fold
from feedback import texts_tables
from feedback.section_register import RECEIVED, STATES
from feedback.sections import (
    Cell,
    Column,
    Section,
    SectionData,
    Step,
    Table,
    hong_kong,
    told,
    words,
)
from feedback.sections import register as add
from participation import threads
from participation.models import Contribution, Engagement, Side, Support

#: Whose words the bureau reads: what is public and what was sent to it alone.
READABLE = ("published", "confidential")
MOST_SUPPORTED = 10
CHUNK = 2000


def _comments(engagement: Engagement) -> QuerySet[Contribution]:
    return (
        Contribution.objects.filter(engagement=engagement, kind="comment").by_citizens().order_by()
    )


class _Counted:
    """How many comments are in each state: by thread, and by the side they take. One query."""

    def __init__(self, engagement: Engagement) -> None:
        self.threads: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.sides: defaultdict[str, Counter[str]] = defaultdict(Counter)
        rows = _comments(engagement).values_list("comment__thread", "comment__side", "state")
        for thread, side, state, number in rows.annotate(number=Count("pk")):
            self.threads[thread][state] += number
            if side:
                self.sides[side][state] += number


def _places(counted: dict[int, Counter[str]], titles: dict[int, dict[str, str]]) -> Table:
    """Comments on each paragraph by state."""
    order = [pk for pk in titles if pk in counted]
    order += sorted(pk for pk in counted if pk not in titles)
    return Table(
        key="comments-places",
        title=_("Comments by what they are on"),
        columns=[
            Column("place", pgettext_lazy("report", "On"), "words"),
            Column("received", RECEIVED),
            *(Column(state, label) for state, label in STATES.items()),
        ],
        rows=[
            [
                titles.get(pk, {}),
                sum(counted[pk].values()),
                *(counted[pk][state] for state in STATES),
            ]
            for pk in order
        ],
        chart=("received",),
    )


def _sides(counted: dict[str, Counter[str]]) -> list[Table]:
    """Comments of each side by state; no table where none are taken."""
    if not counted:
        return []
    table = Table(
        key="comments-sides",
        title=_("Comments by side"),
        columns=[
            Column("side", pgettext_lazy("report", "Side"), "words"),
            Column("received", RECEIVED),
            *(Column(state, label) for state, label in STATES.items()),
        ],
        rows=[
            [
                words(Side(side).label),
                sum(counted.get(side, Counter()).values()),
                *(counted.get(side, Counter())[state] for state in STATES),
            ]
            for side in Side.values
        ],
        chart=("received",),
    )
    return [table]


def _supported(engagement: Engagement, titles: dict[int, dict[str, str]]) -> list[Table]:
    """Public comments most people agree with; among equals the earlier. No table of nothing."""
    top = list(
        Support.objects.filter(
            comment__contribution__engagement=engagement,
            comment__contribution__state="published",
            comment__official=False,
        )
        .order_by()
        .values_list("comment")
        .annotate(number=Count("pk"))
        .order_by("-number", "comment")[:MOST_SUPPORTED]
    )
    found = Contribution.objects.select_related("comment").in_bulk([pk for pk, _count in top])
    if not top:
        return []
    table = Table(
        key="comments-supported",
        title=_("Comments most agreed with"),
        columns=[
            Column("supports", _("People who agree")),
            Column("place", pgettext_lazy("report", "On"), "words"),
            Column("text", pgettext_lazy("report", "Text"), "text"),
            Column("id", _("Number in the register"), "id"),
        ],
        rows=[
            [
                number,
                titles.get(found[pk].comment.thread_id, {}),
                told(found[pk].text, found[pk].language),
                found[pk].public_id,
            ]
            for pk, number in top
            if pk in found
        ],
    )
    return [table]


def _texts(engagement: Engagement) -> Iterator[tuple[int, str, bool]]:
    rows = _comments(engagement).exclude(state="withdrawn").order_by("received_at", "pk")
    for pk, text, state in rows.values_list("pk", "text", "state").iterator(chunk_size=CHUNK):
        yield pk, fold(text), state in READABLE


def _fetch(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = Contribution.objects.filter(pk__in=keys).values_list("pk", "text", "language")
    return {pk: (text, language) for pk, text, language in rows}


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """Everything: counts by place, distinct texts, every readable text."""
    counted, titles = _Counted(engagement), threads.titles(engagement)
    places = _places(counted.threads, titles)
    step(0.1)
    found = texts_tables.gather(_texts(engagement))
    step(0.7)
    data = SectionData(figures=texts_tables.figures(found))
    if not found.received and not places.rows:
        return data
    data.lines.append(texts_tables.summary_line(found))
    states = {state: words(STATES[state]) for state in READABLE}
    sides = _sides(counted.sides)
    taken = {"": None, **{side: words(Side(side).label) for side in Side.values}}

    def every() -> Iterator[list[Cell]]:
        rows = _comments(engagement).filter(state__in=READABLE).order_by("received_at", "pk")
        found_rows = rows.values_list(
            "pk",
            "public_id",
            "text",
            "language",
            "state",
            "received_at",
            "comment__thread",
            "comment__side",
        )
        for pk, number, text, language, state, at, thread, side in found_rows.iterator(
            chunk_size=CHUNK
        ):
            yield [
                number,
                titles.get(thread, {}),
                *([taken[side]] if sides else []),
                states[state],
                hong_kong(at),
                found.group_of(pk),
                told(text, language),
            ]

    data.tables = [
        places,
        *sides,
        texts_tables.summary_table("comments-alike", found),
        *_supported(engagement, titles),
        texts_tables.distinct_table(
            "comments-distinct", _("Distinct comments, the largest groups first"), found, _fetch
        ),
        Table(
            key="comments-texts",
            title=_("Every comment the bureau may read"),
            columns=[
                Column("id", _("Number in the register"), "id"),
                Column("place", pgettext_lazy("report", "On"), "words"),
                *([Column("side", pgettext_lazy("report", "Side"), "words")] if sides else []),
                Column("state", pgettext_lazy("report", "State"), "words"),
                Column("received_at", pgettext_lazy("time", "Received at"), "time"),
                Column("group", pgettext_lazy("report", "Group"), "id"),
                Column("text", pgettext_lazy("report", "Text"), "text"),
            ],
            rows=every(),
            long=True,
        ),
    ]
    return data


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData:
    """While open: counts by place and what most agree with. Texts are read where they stand."""
    counted, titles = _Counted(engagement), threads.titles(engagement)
    places = _places(counted.threads, titles)
    rows: Any = places.rows
    received = sum(row[1] for row in rows)
    if not received:
        return SectionData(figures={"received": 0})
    return SectionData(
        figures={"received": received},
        tables=[places, *_sides(counted.sides), *_supported(engagement, titles)],
    )


def register() -> None:
    """Comments are read while it is open, so nothing of them is sealed."""
    add(
        Section(
            key="comments",
            title=pgettext_lazy("report", "Comments"),
            order=40,
            build=build,
            live=live,
        )
    )
