"""What people said, as everybody may read it: the report's own numbers, small ones hidden.

Counts come from the figures that a job keeps, so the page asks as many queries for one response as
for a hundred thousand. Nothing here is read while results are sealed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.texts import Text, pick
from feedback import question_tables, statistics
from feedback.disclosure import LEAST, hidden, too_few
from feedback.section_questions import ANSWERED, asked_questions
from feedback.section_register import STATES
from feedback.sections import Cell
from participation.models import Contribution, Engagement
from questionnaires.models import Question, QuestionKind, Response, Tally, Totals

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
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for question, bucket, number in Tally.objects.filter(
        question__questionnaire__engagement=engagement
    ).values_list("question", "bucket", "count"):
        counts[question][bucket] = number
    return Figures(
        responses=responses,
        as_at=min(one.counted_at for one in totals if one.counted_at),
        questions=[
            question_view(each, counts[each.pk], responses, language)
            for each in asked_questions(engagement)
        ],
    )


def question_view(
    question: Question, counts: Mapping[str, int], responses: int, language: str
) -> QuestionView:
    """One question from its counts, with the report's rows and shares."""
    n = counts.get(ANSWERED, 0)
    shown_as = question_tables.report_as(question)
    title = pick(question_tables.title_of(question), language)
    if too_few(n):
        return QuestionView(question, title, shown_as, None)
    written = bool(counts.get("text")) and question_tables.takes_words(question)
    if shown_as in {"text", "none"} or not n:
        return QuestionView(question, title, shown_as, n, written=written)
    rows = [list(row) for row in question_tables.tables(question, counts, responses)[0].rows]
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
        statistics=_statistics(question, shown_as, counts, n, hides=bool(away)),
        hides=bool(away),
        written=written,
    )


def _count(row: list[Cell]) -> int:
    return row[1] if isinstance(row[1], int) else 0


def _line(row: list[Cell], language: str, *, hide: bool) -> Line:
    label = row[0]
    text = pick(label, language) if isinstance(label, dict) else Text(str(label), language)
    if hide:
        return Line(text, None, None)
    return Line(text, _count(row), row[2] if isinstance(row[2], float) else None)


def _statistics(
    question: Question, shown_as: str, counts: Mapping[str, int], n: int, *, hides: bool
) -> list[tuple[str, str]]:
    """Mean and median. The mean would give hidden counts away, the least value its author."""
    if shown_as not in {"scale", "number"}:
        return []
    found = statistics.summary(question_tables.numbers_of(counts))
    said = []
    if not hides and found["mean"] is not None:
        said.append((_("Mean"), f"{found['mean']:,}"))
    if (not hides or n >= MEDIAN_OF) and found["median"] is not None:
        said.append((_("Median"), f"{found['median']:,}"))
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
        .values("organisation", "contribution__language", "contribution__received_at")
    )
    return [
        {
            "name": row["organisation"],
            "language": row["contribution__language"],
            "at": row["contribution__received_at"],
        }
        for row in rows[: ORGANISATIONS + 1]
    ]
