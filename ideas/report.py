"""A contest's ideas in a report: what they are about, how far they came, what was discussed most.

The register counts what was received in every state; here stand the ideas that everybody reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feedback.sections import (
    Cell,
    Column,
    Section,
    SectionData,
    Step,
    Table,
    hong_kong,
    share,
    told,
    words,
)
from feedback.sections import register as add
from ideas.actions.contest import KIND
from ideas.listing import public_ideas
from ideas.models import Category, IdeaStatus
from ideas.reading import district_name
from participation.facets import DISTRICTS
from participation.models import Engagement

MOST_DISCUSSED = 10
CHUNK = 1000
NUMBER = Column("id", _("Number in the register"), "id")
TITLE = Column("title", pgettext_lazy("report", "Idea"), "text")
_NONE = pgettext_lazy("report", "Not stated")


def applies(engagement: Engagement) -> bool:
    """Whether people hand in ideas here."""
    return engagement.kind == KIND


def _counts(engagement: Engagement, field: str) -> dict[str, int]:
    # In one order: what is frozen with a report, and its digest, rest on it.
    rows = public_ideas(engagement).order_by(field).values_list(field)
    return {key or "": number for key, number in rows.annotate(number=Count("pk"))}


def _table(
    key: str,
    title: str | Promise,
    head: str | Promise,
    names: Mapping[str, str | Promise | Mapping[str, str]],
    counts: Mapping[str, int],
) -> Table:
    """How many ideas each value has, by the names' order; the last line is of those without."""
    total = sum(counts.values())

    def line(name: str | Promise | Mapping[str, str], number: int) -> list[Cell]:
        said = dict(name) if isinstance(name, Mapping) else words(name)
        return [said, number, share(number, total)]

    rows = [line(name, counts.get(value, 0)) for value, name in names.items()]
    if counts.get(""):
        rows.append(line(_NONE, counts[""]))
    return Table(
        key=key,
        title=title,
        columns=[
            Column("value", head, "words"),
            Column("ideas", _("Public ideas")),
            Column("share", _("Share (%)"), "share"),
        ],
        rows=rows,
        chart=("ideas",),
    )


def _tables(engagement: Engagement) -> tuple[dict[str, dict[str, int]], list[Table]]:
    """Figures by fixed names, and their tables; four queries."""
    counted = {
        name: _counts(engagement, field)
        for name, field in (
            ("categories", "category__key"),
            ("districts", "district"),
            ("statuses", "status"),
        )
    }
    categories = {
        row.key: row.name
        for row in Category.objects.filter(contest=engagement.pk)
        if row.retired_at is None or row.key in counted["categories"]
    }
    districts = {key: name for key, name in DISTRICTS if key in counted["districts"]}
    statuses = {one.value: one.label for one in IdeaStatus if one.value in counted["statuses"]}
    by_category = _table(
        "ideas-categories",
        _("Ideas by category"),
        pgettext_lazy("report", "Category"),
        categories,
        counted["categories"],
    )
    by_district = _table(
        "ideas-districts",
        _("Ideas by district"),
        pgettext_lazy("report", "District"),
        districts,
        counted["districts"],
    )
    by_status = _table(
        "ideas-statuses",
        _("Ideas by status"),
        pgettext_lazy("report", "Status"),
        statuses,
        counted["statuses"],
    )
    return counted, [table for table in (by_category, by_district, by_status) if table.rows]


def _discussed(engagement: Engagement) -> list[Table]:
    """The ideas with most public comments; no table of none."""
    rows: Any = public_ideas(engagement).most_discussed()
    rows = rows.filter(comments__gt=0).select_related("contribution")
    found = list(rows[:MOST_DISCUSSED])
    if not found:
        return []
    table = Table(
        key="ideas-discussed",
        title=_("Ideas most discussed"),
        columns=[Column("comments", pgettext_lazy("report", "Comments")), TITLE, NUMBER],
        rows=[
            [idea.comments, told(idea.title, idea.contribution.language), public_id_of(idea)]
            for idea in found
        ],
    )
    return [table]


def public_id_of(idea: Any) -> str:
    """The number of an idea in the register."""
    number: str = idea.contribution.public_id
    return number


def _every(engagement: Engagement) -> Table:
    """Every public idea as it was written, without who wrote it."""

    def rows() -> Iterator[list[Cell]]:
        found = public_ideas(engagement).select_related("contribution", "category")
        statuses = {one.value: words(one.label) for one in IdeaStatus}
        for idea in found.order_by("received_at", "pk").iterator(chunk_size=CHUNK):
            language = idea.contribution.language
            district = district_name(idea.district)
            yield [
                public_id_of(idea),
                dict(idea.category.name) if idea.category else None,
                words(district) if district else None,
                statuses[idea.status],
                hong_kong(idea.received_at),
                told(idea.title, language),
                told(idea.text, language),
            ]

    return Table(
        key="ideas-texts",
        title=_("Every public idea"),
        columns=[
            NUMBER,
            Column("category", pgettext_lazy("report", "Category"), "words"),
            Column("district", pgettext_lazy("report", "District"), "words"),
            Column("status", pgettext_lazy("report", "Status"), "words"),
            Column("received_at", pgettext_lazy("time", "Received at"), "time"),
            TITLE,
            Column("text", pgettext_lazy("report", "Text"), "text"),
        ],
        rows=rows(),
        long=True,
    )


def _data(engagement: Engagement, more: Iterable[Table] = ()) -> SectionData:
    figures, tables = _tables(engagement)
    total = sum(figures["statuses"].values())
    said = words(
        lambda: (
            ngettext("%(count)d idea is public.", "%(count)d ideas are public.", total)
            % {"count": total}
        )
    )
    return SectionData(
        figures={"public": total, **figures},
        lines=[said],
        tables=[*tables, *_discussed(engagement), *more] if total else [],
    )


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """Everything, each public idea with its words."""
    return _data(engagement, [_every(engagement)])


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """While it runs: five queries, however many ideas. None where none are handed in."""
    return _data(engagement) if applies(engagement) else None


def register() -> None:
    """Everybody reads ideas: nothing of them is sealed. Their votes are a section of their own."""
    add(
        Section(
            key="ideas",
            title=pgettext_lazy("report", "Ideas"),
            order=24,
            build=build,
            live=live,
            applies=applies,
        )
    )
