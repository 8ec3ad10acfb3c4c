"""Tables and figures of one question, from how often each answer was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core.texts import LANGUAGES, pick
from feedback.sections import Cell, Column, Table, Words, share, words
from questionnaires import kinds, statistics
from questionnaires.models import Question, QuestionKind

#: More different days than these are shown by month.
MOST_DAYS = 25
_SUMMARY = ("n", "mean", "median", "lower_quartile", "upper_quartile", "least", "most")
_SPAN = 100


@dataclass(frozen=True)
class Given:
    """How often each answer was given, in ``Tally``'s words; how many different numbers lie.

    ``spread`` is ``statistics.spread``'s, None where numbers are counted one by one.
    """

    counts: Mapping[str, int]
    spread: Mapping[str, Any] | None = None

    @classmethod
    def of(
        cls, question: Question, counts: Mapping[str, int], kept: Mapping[str, Any] | None = None
    ) -> Given:
        """From the counts, and the spread that was kept of them if any was."""
        if kept is None and report_as(question) == "number":
            kept = statistics.spread(numbers_of(counts))
        return cls(counts, kept)

    @property
    def answered(self) -> int:
        return self.counts.get("answered", 0)

    def summary(self) -> Mapping[str, int | float | None]:
        """n, mean, median, quartiles, least and most of the numbers."""
        if self.spread is not None:
            found: Mapping[str, int | float | None] = self.spread["summary"]
            return found
        return statistics.summary(numbers_of(self.counts))


def report_as(question: Question) -> str:
    """'choices', 'scale', 'number', 'date', 'text' or 'none', as the kind says."""
    return kinds.of(question.kind).report_as


def takes_words(question: Question) -> bool:
    """Whether people write to it: a text, or a few words beside 'other'."""
    return report_as(question) == "text" or any(option.other for option in question.options.all())


def key_of(question: Question) -> str:
    """The name of the question's tables, in files too; the same in every language."""
    return f"question-{question.anchor}"


def title_of(question: Question) -> dict[str, str]:
    """'3. Which day suits you?' in the languages the question has."""
    number = f"{question.number}. " if question.number else ""
    return {code: f"{number}{text}" for code, text in question.title.items() if text}


def after(title: Words, what: str | Promise) -> dict[str, str]:
    """'3. Which day suits you?' – distinct texts, in each language the title has."""
    said = words(what)
    return {code: f"{text} – {said.get(code, said['en'])}" for code, text in title.items()}


def figures(question: Question, given: Given) -> dict[str, Any]:
    """What programs get: the counts by option, step or stretch, n, and statistics of numbers."""
    counts = given.counts
    found: dict[str, Any] = {
        "id": question.anchor,
        "number": question.number,
        "kind": question.kind,
        "title": dict(question.title),
        "n": given.answered,
    }
    shown_as = report_as(question)
    if shown_as == "choices":
        found["options"] = [
            {
                "id": key,
                "label": dict(label),
                "count": counts.get(key, 0),
                "share": share(counts.get(key, 0), found["n"]),
            }
            for key, label, _closed in _options(question)
        ]
    elif shown_as == "scale":
        found["steps"] = [
            {"step": step, "count": number, "share": share(number, found["n"])}
            for step, _label, number in _steps(question, counts)
        ]
        found["statistics"] = given.summary()
    elif shown_as == "number":
        found["statistics"] = given.summary()
        if given.spread is not None:
            found["stretches"] = [
                {"from": low, "under": high, "count": count, "share": share(count, found["n"])}
                for low, high, count in given.spread["stretches"]
            ]
    elif shown_as == "date":
        days = sorted(_days(counts))
        found["statistics"] = {
            "n": sum(_days(counts).values()),
            "earliest": days[0] if days else None,
            "latest": days[-1] if days else None,
        }
    return found


def tables(question: Question, given: Given, responses: int) -> list[Table]:
    """What the report shows of the question; its first table says n."""
    shown_as = report_as(question)
    made = {
        "choices": _choices,
        "scale": _scale,
        "number": _number,
        "date": _dates,
    }.get(shown_as, _only_n)(question, given)
    made[0].note = _note(question, given.answered, responses)
    return made


def _note(question: Question, answered: int, responses: int) -> Words:
    def say() -> str:
        parts = [
            ngettext(
                "n = %(answered)d of %(responses)d response.",
                "n = %(answered)d of %(responses)d responses.",
                responses,
            )
            % {"answered": answered, "responses": responses}
        ]
        if question.kind == QuestionKind.SEVERAL:
            parts.append(
                str(_("Several answers could be chosen, so shares add up to more than 100%."))
            )
        if question.retired_at:
            parts.append(str(_("No longer asked.")))
        return " ".join(parts)

    return words(say)


def _counted(first: str | Promise, kind: str = "words") -> list[Column]:
    return [
        Column("answer", first, kind),
        Column("count", pgettext_lazy("report", "Number")),
        Column("share", _("Share (%)"), "share"),
    ]


def _options(question: Question) -> list[tuple[str, Mapping[str, str], bool]]:
    if question.kind == QuestionKind.CONSENT:
        return [("agreed", words(_("I agree")), False)]
    return [
        (option.block_id, option.label, option.closed_at is not None)
        for option in question.options.all()
    ]


def _choices(question: Question, given: Given) -> list[Table]:
    n, counts = given.answered, given.counts
    closed_word = words(pgettext_lazy("report", "closed"))
    rows: list[list[Cell]] = []
    for key, label, closed in _options(question):
        shown = dict(label)
        if closed:
            shown = {
                code: f"{text} ({closed_word[code]})"
                if code == "en"
                else f"{text}（{closed_word[code]}）"
                for code, text in shown.items()
            }
        count = counts.get(key, 0)
        rows.append([shown, count, share(count, n)])
    return [
        Table(
            key=key_of(question),
            title=title_of(question),
            columns=_counted(pgettext_lazy("report", "Answer")),
            rows=rows,
            chart=("count",),
        )
    ]


def numbers_of(counts: Mapping[str, int]) -> dict[Decimal, int]:
    """The numbers among the buckets."""
    found = {}
    for bucket, count in counts.items():
        try:
            found[Decimal(bucket)] = count
        except InvalidOperation:
            continue  # 'answered' and 'text' stand among the buckets.
    return found


def _days(counts: Mapping[str, int]) -> dict[str, int]:
    return {bucket: count for bucket, count in counts.items() if bucket[:4].isdigit()}


def _steps(question: Question, counts: Mapping[str, int]) -> list[tuple[int, dict[str, str], int]]:
    """Every step of a scale with its label, chosen or not, and any other that was given."""
    given = {int(value): count for value, count in numbers_of(counts).items()}
    least = _whole(question.settings.get("least"), 1)
    most = _whole(question.settings.get("most"), 5)
    steps = set(given)
    if 0 <= most - least <= _SPAN:
        steps |= set(range(least, most + 1))
    labels = question.settings.get("labels") or {}
    found = []
    for step in sorted(steps):
        text = labels.get(str(step)) or {}
        label = {code: str(step) for code in LANGUAGES}
        if text:
            label = {code: f"{step} – {pick(text, code).text}" for code in LANGUAGES}
        found.append((step, label, given.get(step, 0)))
    return found


def _whole(value: Any, default: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default


def _scale(question: Question, given: Given) -> list[Table]:
    n = given.answered
    return [
        Table(
            key=key_of(question),
            title=title_of(question),
            columns=_counted(pgettext_lazy("report", "Step")),
            rows=[
                [label, number, share(number, n)]
                for _step, label, number in _steps(question, given.counts)
            ],
            chart=("count",),
        ),
        _statistics(question, given),
    ]


def _statistics(question: Question, given: Given) -> Table:
    found = given.summary()
    return Table(
        key=f"{key_of(question)}-statistics",
        title=after(title_of(question), _("statistics")),
        columns=[
            Column("n", pgettext_lazy("report", "n")),
            Column("mean", _("Mean")),
            Column("median", _("Median")),
            Column("lower_quartile", _("Lower quartile")),
            Column("upper_quartile", _("Upper quartile")),
            Column("least", pgettext_lazy("report", "Least")),
            Column("most", pgettext_lazy("report", "Most")),
        ],
        rows=[[found[name] for name in _SUMMARY]],
    )


def stretch_rows(stretches: Sequence[Sequence[Any]], n: int) -> list[list[Cell]]:
    """Rows of stretches: from where to where, how many, which share."""
    return [[_stretch(low, high), count, share(count, n)] for low, high, count in stretches]


def _stretch(low: str | None, high: str | None) -> dict[str, str]:
    if low is None and high is None:
        return words(_("All numbers"))
    if low is None:
        return words(_("Under %(high)s"), high=_grouped(high))
    if high is None:
        return words(_("%(low)s or more"), low=_grouped(low))
    return words(_("%(low)s to under %(high)s"), low=_grouped(low), high=_grouped(high))


def _grouped(edge: str | None) -> str:
    return f"{Decimal(edge or 0):,f}"


def _number(question: Question, given: Given) -> list[Table]:
    numbers = numbers_of(given.counts)
    n = given.answered
    rows: list[list[Cell]]
    if given.spread is not None:
        rows = stretch_rows(given.spread["stretches"], n)
    else:
        rows = [
            [f"{value:f}", numbers[value], share(numbers[value], n)] for value in sorted(numbers)
        ]
    return [
        Table(
            key=key_of(question),
            title=title_of(question),
            columns=_counted(pgettext_lazy("report", "Value"), "id"),
            rows=rows,
            chart=("count",),
        ),
        _statistics(question, given),
    ]


def _dates(question: Question, given: Given) -> list[Table]:
    days = _days(given.counts)
    n = given.answered
    if len(days) > MOST_DAYS:
        months: dict[str, int] = {}
        for day, count in days.items():
            months[day[:7]] = months.get(day[:7], 0) + count
        days = months
    return [
        Table(
            key=key_of(question),
            title=title_of(question),
            columns=_counted(pgettext_lazy("report", "Date"), "id"),
            rows=[[day, days[day], share(days[day], n)] for day in sorted(days)],
            chart=("count",),
        )
    ]


def _only_n(question: Question, given: Given) -> list[Table]:
    return [
        Table(
            key=key_of(question),
            title=title_of(question),
            columns=[Column("n", pgettext_lazy("report", "Answered"))],
            rows=[[given.answered]],
        )
    ]
