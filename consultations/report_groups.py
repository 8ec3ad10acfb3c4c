"""The opinion groups of a report: what the public page of the groups says, as figures and tables.

Only what may be shown of a grouping is told, to officers too (ADR 31): the report goes to several
bodies and stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from consultations.models import OpinionGrouping, Statement
from consultations.opinion_map import LETTERS
from core.texts import LANGUAGES
from feedback.sections import (
    Cell,
    Column,
    Section,
    SectionData,
    Step,
    Table,
    hong_kong,
    share,
    words,
)
from feedback.sections import register as add
from participation.models import Engagement

SIDES = ("agree", "disagree")
_SIDE_WORDS = {
    "agree": pgettext_lazy("of a group", "Agrees"),
    "disagree": pgettext_lazy("of a group", "Disagrees"),
}
_ALL_WORDS = {"agree": _("All groups agree"), "disagree": _("All groups disagree")}


def applies(engagement: Engagement) -> bool:
    """Whether there are statements to group anybody by."""
    return engagement.statements.exists()


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """What the job last kept: two queries. None before it has looked at any votes."""
    kept = OpinionGrouping.objects.filter(engagement=engagement).first()
    return None if kept is None else _data(engagement, kept)


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The same; once closed of all votes, worked out here where the job has yet to do it."""
    kept = OpinionGrouping.objects.filter(engagement=engagement).first()
    closes_at = engagement.closes_at
    if closes_at and closes_at <= as_of and (kept is None or kept.at < closes_at):
        from consultations.actions.opinion import grouping_now

        kept = grouping_now(engagement, at=as_of)
    return SectionData() if kept is None else _data(engagement, kept)


def _data(engagement: Engagement, kept: OpinionGrouping) -> SectionData:
    data: dict[str, Any] = kept.data
    if not data["groups"]:
        none = _(
            "There are not enough answers for groups yet. It takes two groups of at least five "
            "people, most with seven answers or more."
        )
        return SectionData(figures=_figures(kept, {}), lines=[words(none)])
    statements = {each.public_id: each for each in engagement.statements.filter(state="published")}
    shown = sum(group["people"] for group in data["groups"])
    said = words(
        lambda: (
            ngettext(
                "%(shown)d of the %(people)d person who answered is shown in %(groups)d groups.",
                "%(shown)d of the %(people)d people who answered are shown in %(groups)d groups.",
                kept.people,
            )
            % {"shown": shown, "people": kept.people, "groups": len(data["groups"])}
        )
    )
    hidden = words(
        _(
            "A figure of fewer than five answers is not shown, nor one from which such a figure "
            "could be worked out."
        )
    )
    return SectionData(
        figures=_figures(kept, statements),
        lines=[said, hidden],
        tables=[
            _groups(data, shown),
            _shared(data, statements),
            _marks(data, statements),
            _every(data, statements),
        ],
    )


def _figures(kept: OpinionGrouping, statements: dict[str, Statement]) -> dict[str, Any]:
    data = kept.data
    return {
        "as_at": hong_kong(kept.at),
        "people": kept.people,
        "groups": [
            {"group": LETTERS[place], "people": each["people"]}
            for place, each in enumerate(data["groups"])
        ],
        "shared": [each for each in data.get("shared", ()) if each["statement"] in statements],
        "statements": [
            {
                "id": row["statement"],
                "consensus": row["consensus"],
                "groups": [
                    dict(zip(("agree", "disagree", "pass"), cell, strict=True)) if cell else None
                    for cell in row["counts"]
                ],
            }
            for row in data.get("statements", ())
            if row["statement"] in statements
        ],
    }


def _text(statement: Statement) -> Cell:
    texts = {code: statement.text[code] for code in LANGUAGES if statement.text.get(code)}
    if statement.contribution_id and len(texts) == 1:
        code, written = next(iter(texts.items()))
        return {"text": written, "lang": code}
    return texts or words(_("(No words in the source.)"))


def _statement_column() -> Column:
    return Column("text", _("Statement"), "text")


def _groups(data: dict[str, Any], shown: int) -> Table:
    return Table(
        key="groups",
        title=_("Opinion groups"),
        columns=[
            Column("group", _("Group"), "id"),
            Column("people", _("People")),
            Column("share", pgettext_lazy("of people", "Share (%)"), "share"),
        ],
        rows=[
            [LETTERS[place], each["people"], share(each["people"], shown)]
            for place, each in enumerate(data["groups"])
        ],
        chart=("people",),
        note=_("Found from the answers alone; nobody is named. Letters go by size."),
    )


def _shared(data: dict[str, Any], statements: dict[str, Statement]) -> Table:
    return Table(
        key="groups-shared",
        title=_("What all groups share"),
        columns=[
            _statement_column(),
            Column("side", pgettext_lazy("of a statement", "Answer"), "words"),
            Column("consensus", _("Consensus")),
        ],
        rows=[
            [
                _text(statements[each["statement"]]),
                words(_ALL_WORDS[each["side"]]),
                each["consensus"],
            ]
            for each in data["shared"]
            if each["statement"] in statements
        ],
        note=_(
            "Consensus is the product over the groups of (agree + 1) / (answers + 2): high only "
            "where every group agrees."
        ),
    )


def _marks(data: dict[str, Any], statements: dict[str, Statement]) -> Table:
    return Table(
        key="groups-marks",
        title=_("What marks each group"),
        columns=[
            Column("group", _("Group"), "id"),
            _statement_column(),
            Column("side", pgettext_lazy("of a statement", "Answer"), "words"),
            Column("own", _("Of the group (%)"), "share"),
            Column("others", _("Elsewhere (%)"), "share"),
        ],
        rows=[
            [
                LETTERS[place],
                _text(statements[mark["statement"]]),
                words(_SIDE_WORDS[mark["side"]]),
                share(*mark["own"]),
                share(*mark["others"]),
            ]
            for place, each in enumerate(data["groups"])
            for mark in each["marks"]
            if mark["statement"] in statements
        ],
    )


def _every(data: dict[str, Any], statements: dict[str, Statement]) -> Table:
    """A row for each statement and group: two to five groups would be too many columns."""

    def rows() -> Iterator[list[Cell]]:
        for row in sorted(
            (one for one in data["statements"] if one["statement"] in statements),
            key=lambda one: -(one["consensus"] or 0),
        ):
            statement = statements[row["statement"]]
            for place, cell in enumerate(row["counts"]):
                told: list[Cell] = [*cell, sum(cell)] if cell else [None] * 4
                yield [
                    _text(statement),
                    LETTERS[place],
                    *told,
                    row["consensus"],
                    statement.import_id or statement.public_id,
                ]

    return Table(
        key="groups-statements",
        title=_("Every statement by group"),
        columns=[
            _statement_column(),
            Column("group", _("Group"), "id"),
            Column("agree", _("Agree")),
            Column("disagree", _("Disagree")),
            Column("pass", _("Pass")),
            Column("answers", pgettext_lazy("report", "n")),
            Column("consensus", _("Consensus")),
            Column("id", pgettext_lazy("of a statement", "Number"), "id"),
        ],
        rows=rows(),
        long=True,
    )


def register() -> None:
    """Groups are results: sealed until the moment the engagement states."""
    add(
        Section(
            key="groups",
            title=_("Opinion groups"),
            order=35,
            build=build,
            live=live,
            sealed=True,
            applies=applies,
        )
    )
