"""What people said, as everybody may read it: the report's own numbers, small ones hidden.

Counts come from the figures that a job keeps, so the page asks as many queries for one response as
for a hundred thousand. Nothing here is read while results are sealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.disclosure import LEAST, hidden, too_few
from core.texts import Text, pick
from feedback import question_tables
from feedback.question_tables import Given
from feedback.section_questions import kept_figures
from feedback.section_register import STATES
from feedback.sections import Cell
from participation.models import Contribution, Engagement
from questionnaires import statistics
from questionnaires.models import Question, QuestionKind, Response, Totals

#: Organisations named on the page; the file of answers names all that wrote something.
ORGANISATIONS = 200
#: The median of fewer answers could be one person's, where single counts are hidden.
MEDIAN_OF = 20


@dataclass(frozen=True)
class Line:
    """One answer and how many gave it; ``count`` is None where it is hidden."""

    label: Text
    count: int | None
    share: float | None

    @property
    def width(self) -> float:
        """The bar, of 100."""
        return min(100.0, self.share or 0.0)


@dataclass(frozen=True)
class QuestionView:
    """One question; ``n`` is None where fewer than five answered, and then nothing is told."""

    question: Question
    title: Text
    shown_as: str
    n: int | None
    lines: list[Line] = field(default_factory=list)
    statistics: list[tuple[str, str]] = field(default_factory=list)
    #: Whether some counts are hidden; whether there may be texts to read.
    hides: bool = False
    written: bool = False

    @property
    def anchor(self) -> str:
        return self.question.anchor

    @property
    def several(self) -> bool:
        return self.question.kind == QuestionKind.SEVERAL

    @property
    def retired(self) -> bool:
        return self.question.retired_at is not None

    @property
    def nobody(self) -> bool:
        return self.n == 0


@dataclass(frozen=True)
class Figures:
    """Every question with its counts; ``as_at`` is None before the first count."""

    responses: int
    as_at: dt.datetime | None
    questions: list[QuestionView]


def figures(engagement: Engagement, language: str) -> Figures:
    """The questions in their order; five queries. Ask only where results may be seen."""
    totals = list(
        Totals.objects.filter(questionnaire__engagement=engagement).exclude(counted_at=None)
    )
    if not totals:
        return Figures(0, None, [])
    responses = sum(one.responses for one in totals)
    return Figures(
        responses=responses,
        as_at=min(one.counted_at for one in totals if one.counted_at),
        questions=[
            question_view(question, given, responses, language)
            for question, given in kept_figures(engagement)
        ],
    )


def question_view(question: Question, given: Given, responses: int, language: str) -> QuestionView:
    """One question from its counts, with the report's rows and shares."""
    n = given.answered
    shown_as = question_tables.report_as(question)
    title = pick(question_tables.title_of(question), language)
    if too_few(n):
        return QuestionView(question, title, shown_as, None)
    written = bool(given.counts.get("text")) and question_tables.takes_words(question)
    if shown_as in {"text", "none"} or not n:
        return QuestionView(question, title, shown_as, n, written=written)
    if given.spread is not None:
        return _spread_view(question, title, given, language)
    rows = [list(row) for row in question_tables.tables(question, given, responses)[0].rows]
    away = hidden([_count(row) for row in rows])
    # A value that is there at all was somebody's: hidden ones are not listed by name.
    named = shown_as in {"choices", "scale"}
    lines = [
        _line(row, language, hide=place in away)
        for place, row in enumerate(rows)
        if named or place not in away
    ]
    if away and not named:
        rest = sum(_count(rows[place]) for place in away)
        lines.append(
            Line(Text(_("Other answers"), language), rest, round(100 * rest / n, 1))
            if rest >= LEAST
            else Line(Text(_("Other answers"), language), None, None)
        )
    return QuestionView(
        question,
        title,
        shown_as,
        n,
        lines=lines,
        statistics=_statistics(shown_as, given, hides=bool(away)),
        hides=bool(away),
        written=written,
    )


def _spread_view(question: Question, title: Text, given: Given, language: str) -> QuestionView:
    """Numbers of which many differ: by stretches of at least five people, or of nobody."""
    n = given.answered
    parts = statistics.joined((given.spread or {})["stretches"], LEAST)
    return QuestionView(
        question,
        title,
        "number",
        n,
        lines=[_line(row, language, hide=False) for row in question_tables.stretch_rows(parts, n)],
        statistics=_statistics("number", given, hides=True),
    )


def _count(row: list[Cell]) -> int:
    return row[1] if isinstance(row[1], int) else 0


def _line(row: list[Cell], language: str, *, hide: bool) -> Line:
    label = row[0]
    text = pick(label, language) if isinstance(label, dict) else Text(str(label), language)
    if hide:
        return Line(text, None, None)
    return Line(text, _count(row), row[2] if isinstance(row[2], float) else None)


def _statistics(shown_as: str, given: Given, *, hides: bool) -> list[tuple[str, str]]:
    """Mean and median. The mean would give hidden counts away, the least value its author.

    Where many numbers differ, the quartiles too: at least five people lie beyond each, and where
    one lies far away moves neither. The mean it would move by enough to be worked out.
    """
    if shown_as not in {"scale", "number"}:
        return []
    found = given.summary()
    said = []
    if not hides and found["mean"] is not None:
        said.append((_("Mean"), f"{found['mean']:,}"))
    if (not hides or given.answered >= MEDIAN_OF) and found["median"] is not None:
        said.append((_("Median"), f"{found['median']:,}"))
    if given.spread is not None:
        said.append((_("Lower quartile"), f"{found['lower_quartile']:,}"))
        said.append((_("Upper quartile"), f"{found['upper_quartile']:,}"))
    return said


def register_sum(engagement: Engagement) -> dict[str, int]:
    """The six figures of the register, by the report's own rule; one query. Never sealed."""
    counted = dict(
        Contribution.objects.filter(engagement=engagement)
        .by_citizens()
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    found = {state: counted.get(state, 0) for state in STATES}
    return {"received": sum(found.values()), **found}


def register_lines(sums: Mapping[str, int]) -> list[tuple[str, int]]:
    """The sum in words, received first."""
    return [
        (pgettext("report", "Received"), sums["received"]),
        *((str(label), sums[state]) for state, label in STATES.items()),
    ]


def organisations(engagement: Engagement) -> list[dict[str, Any]]:
    """Those that answered under their name, by name; one query."""
    rows = (
        Response.objects.public()
        .filter(
            questionnaire__engagement=engagement,
            capacity="organisation",
            signature_state="published",
        )
        .order_by("organisation", "pk")
        .values(
            "organisation",
            "contribution__public_id",
            "contribution__language",
            "contribution__received_at",
        )
    )
    return [
        {
            "name": row["organisation"],
            "entry": row["contribution__public_id"],
            "language": row["contribution__language"],
            "at": row["contribution__received_at"],
        }
        for row in rows[: ORGANISATIONS + 1]
    ]
