"""Questionnaires for tests: plain definitions, and rows as publishing writes them."""

from __future__ import annotations

from itertools import count
from typing import Any

from core import clock
from participation.models import Engagement
from questionnaires.definition import (
    Condition,
    Definition,
    OptionDef,
    QuestionDef,
    SectionDef,
    Test,
)
from questionnaires.models import Option, Question, Questionnaire, Section

_numbers = count(1)


def words(text: str) -> dict[str, str]:
    """A text in three languages that can be told apart."""
    return {"en": text, "zh-hant": f"{text}（繁）", "zh-hans": f"{text}（简）"}


def options(*keys: str, **marks: str) -> tuple[OptionDef, ...]:
    """Options by key; ``other``, ``alone`` and ``closed`` name the one that is so."""
    return tuple(
        OptionDef(
            key,
            words(key.capitalize()),
            other=marks.get("other") == key,
            alone=marks.get("alone") == key,
            closed=marks.get("closed") == key,
        )
        for key in keys
    )


def when(*tests: tuple[Any, ...], join: str = "all") -> Condition:
    """``when(("q1", "is-any", "yes"))``."""
    return Condition(join, tuple(Test(one[0], one[1], tuple(one[2:])) for one in tests))


def question(key: str, kind: str = "short", **fields: Any) -> QuestionDef:
    """A question of a kind; one and several have the options 'yes', 'no', 'perhaps'."""
    if kind in {"one", "several"}:
        fields.setdefault("options", options("yes", "no", "perhaps"))
    if fields.get("required"):
        fields.setdefault("reason", words("Asked by law"))
    fields.setdefault("title", words(f"Question {key}"))
    return QuestionDef(
        key=key,
        anchor=fields.pop("anchor", key),
        number=fields.pop("number", 0),
        kind=kind,
        **fields,
    )


def section(key: str, *questions: QuestionDef) -> SectionDef:
    return SectionDef(key, words(f"Part {key}"), words(f"About part {key}"), questions)


def definition(*questions: QuestionDef, **fields: Any) -> Definition:
    """A definition of one section."""
    return Definition(sections=(section("s1", *questions),), **fields)


def twelve() -> Definition:
    """Twelve questions of every kind in four parts, with conditions and two key questions."""
    return Definition(
        sections=(
            section(
                "using",
                question("visits", "one", number=1, is_key=True, options=options("yes", "no")),
                question(
                    "branches",
                    "several",
                    number=2,
                    options=options("central", "east", "west", "elsewhere", other="elsewhere"),
                    settings={"most": 2},
                    condition=when(("visits", "is-any", "yes")),
                ),
                question("why-not", "long", number=3, condition=when(("visits", "is-any", "no"))),
            ),
            section(
                "hours",
                question("read", "information"),
                question(
                    "evening",
                    "scale",
                    number=4,
                    is_key=True,
                    settings={"labels": {"1": words("Never"), "5": words("Daily")}},
                ),
                question("until", "number", number=5, condition=when(("evening", "at-least", "4"))),
                question("begin", "date", number=6),
            ),
            section(
                "more",
                question(
                    "uses",
                    "several",
                    number=7,
                    options=options("books", "study", "none", alone="none"),
                ),
                question("best", "short", number=8),
                question("ideas", "long", number=9),
                question("pays", "number", number=10, settings={"places": 2}),
            ),
            section(
                "last",
                question("agrees", "one", number=11),
                question("keep", "consent", number=12, required=True),
            ),
        ),
        intro=words("Thank you"),
    )


def many(number: int) -> Definition:
    """So many questions in parts of ten: choices, scales and texts by turns."""
    kinds = ("one", "several", "scale", "short", "long", "number")
    questions = [
        question(f"m{place}", kinds[place % len(kinds)], number=place + 1)
        for place in range(number)
    ]
    return Definition(
        sections=tuple(
            section(f"p{start}", *questions[start : start + 10]) for start in range(0, number, 10)
        )
    )


def answers_for(asked: Definition, text: str = "As it is") -> dict[str, Any]:
    """An answer to every question of a definition."""
    values: dict[str, Any] = {
        "one": {"option": "yes"},
        "several": {"options": ["yes", "no"]},
        "scale": 4,
        "number": "12",
        "date": "2026-12-31",
        "short": text,
        "long": f"{text}\nand a second line",
        "consent": True,
    }
    return {one.key: values[one.kind] for one in asked.questions() if one.kind in values}


def make_questionnaire(
    engagement: Engagement, asked: Definition | None = None, key: str = "main"
) -> Questionnaire:
    """Rows of a definition, as publishing writes them; twelve questions unless one is given."""
    asked = asked or twelve()
    row = Questionnaire.objects.create(
        engagement=engagement,
        key=key,
        intro=dict(asked.intro),
        organisations=asked.organisations,
        ask_about_you=asked.ask_about_you,
        published_at=clock.now(),
    )
    order = count()
    for place, part in enumerate(asked.sections):
        page = Section.objects.create(
            questionnaire=row,
            block_id=part.key,
            order=place,
            title=dict(part.title),
            intro=dict(part.intro),
        )
        for one in part.questions:
            made = Question.objects.create(
                questionnaire=row,
                section=page,
                block_id=one.key,
                anchor=one.anchor,
                order=next(order),
                number=one.number,
                kind=one.kind,
                title=dict(one.title),
                hint=dict(one.hint),
                background=dict(one.background),
                required=one.required,
                reason=dict(one.reason),
                is_key=one.is_key,
                settings=dict(one.settings),
                condition=one.condition.to_json(),
            )
            Option.objects.bulk_create(
                Option(
                    question=made,
                    block_id=each.key,
                    order=number,
                    label=dict(each.label),
                    other=each.other,
                    alone=each.alone,
                    closed_at=clock.now() if each.closed else None,
                )
                for number, each in enumerate(one.options)
            )
    row.engagement = engagement
    return row


def levels(answer: int) -> dict[str, int]:
    """Least levels of an engagement that this level may answer."""
    return {"comment": 1, "support": 1, "statement": 1, "vote": 1, "answer": answer}
