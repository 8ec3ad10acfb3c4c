"""The statements section of a report: the counts by last vote, as ``tally`` prints them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from consultations.models import Statement
from consultations.statements import Counts, tally, voters_of
from core.texts import LANGUAGES
from feedback.sections import Cell, Column, Section, SectionData, Step, Table, share, words
from feedback.sections import register as add
from participation.models import Engagement

_STATES = {
    "published": _("Put to people"),
    "held": _("Held for a moderator"),
    "withheld": _("Withheld by a moderator"),
}


def applies(engagement: Engagement) -> bool:
    """Whether there are statements."""
    return engagement.statements.exists()


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """Every statement with its votes; three queries, however many votes. None without any."""
    rows = tally(engagement)
    return _data(engagement, rows) if rows else None


def _data(engagement: Engagement, rows: list[tuple[Statement, Counts]]) -> SectionData:
    voters = voters_of(engagement)
    said = words(
        lambda: (
            ngettext("%(count)d person voted.", "%(count)d people voted.", voters)
            % {"count": voters}
        )
    )
    figures = {
        "voters": voters,
        "statements": [
            {
                "id": statement.public_id,
                "import_id": statement.import_id,
                "state": statement.state,
                "agree": counts.agree,
                "disagree": counts.disagree,
                "pass": counts.passed,
            }
            for statement, counts in rows
        ],
    }
    states = {state: words(label) for state, label in _STATES.items()}
    lines: list[list[Cell]] = []
    for statement, counts in rows:
        # A citizen's statement has one language: it is shown as written.
        texts = {code: statement.text[code] for code in LANGUAGES if statement.text.get(code)}
        text: Cell = texts or words(_("(No words in the source.)"))
        if statement.contribution_id and len(texts) == 1:
            code, written = next(iter(texts.items()))
            text = {"text": written, "lang": code}
        lines.append(
            [
                text,
                counts.agree,
                counts.disagree,
                counts.passed,
                counts.voters,
                share(counts.agree, counts.voters),
                share(counts.disagree, counts.voters),
                states[statement.state],
                statement.import_id or statement.public_id,
            ]
        )
    table = Table(
        key="statements",
        title=_("Statements by last vote"),
        columns=[
            Column("text", _("Statement"), "text"),
            Column("agree", _("Agree")),
            Column("disagree", _("Disagree")),
            Column("pass", _("Pass")),
            Column("voters", _("People")),
            Column("agree_share", _("Agree (%)"), "share"),
            Column("disagree_share", _("Disagree (%)"), "share"),
            Column("state", _("State"), "words"),
            Column("id", pgettext_lazy("of a statement", "Number"), "id"),
        ],
        rows=lines,
        chart=("agree", "disagree", "pass"),
        note=_("One person has one vote on each statement; the last one counts."),
    )
    return SectionData(figures=figures, lines=[said], tables=[table] if lines else [])


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The same."""
    return _data(engagement, tally(engagement))


def register() -> None:
    """Votes are results: sealed until the moment the engagement states."""
    add(
        Section(
            key="statements",
            title=_("Statements"),
            order=30,
            build=build,
            live=live,
            sealed=True,
            applies=applies,
        )
    )
