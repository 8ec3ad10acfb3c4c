"""The questionnaire as the engine walks it: plain data, from rows or from an editor's draft.

The public form, 'try it' and the report read this and nothing else, so that a draft which is not
published behaves as the published one will.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]

#: At most so many key questions, about three minutes (ux.md P2).
KEY_LIMIT = 4
#: A task list leads through a questionnaire of more questions than this.
TASK_LIST_OVER = 10
QUESTION_LIMIT = 300
OPTION_LIMIT = 60


@dataclass(frozen=True)
class OptionDef:
    """One choice. ``key`` is its block id; a closed one is shown only to who chose it before."""

    key: str
    label: Texts
    other: bool = False
    alone: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Test:
    """One test of a condition: ``question`` is the key of an earlier question.

    ``name``: 'is-any' and 'is-none' (values are option keys), 'at-least' and 'at-most' (one
    number or ISO date), 'answered' and 'not-answered' (no values).
    """

    __test__ = False  # Not for the test runner.

    question: str
    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """When a question is shown. ``join`` is 'all' or 'any'; no tests: always."""

    join: str = "all"
    tests: tuple[Test, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Condition:
        """Read what ``Question.condition`` holds; raises KeyError for another shape."""
        if not data:
            return cls()
        return cls(
            join=data["join"],
            tests=tuple(
                Test(one["question"], one["test"], tuple(str(v) for v in one.get("values", ())))
                for one in data["tests"]
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """The form ``from_json`` reads; empty for a question that is always shown."""
        if not self.tests:
            return {}
        return {
            "join": self.join,
            "tests": [
                {"question": one.question, "test": one.name, "values": list(one.values)}
                for one in self.tests
            ],
        }


@dataclass(frozen=True)
class QuestionDef:
    """One question. ``settings`` are the kind's own, as ``Question.settings`` holds them."""

    key: str
    anchor: str
    number: int
    kind: str
    title: Texts
    hint: Texts = field(default_factory=dict)
    background: Texts = field(default_factory=dict)
    required: bool = False
    reason: Texts = field(default_factory=dict)
    is_key: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    condition: Condition = field(default_factory=Condition)
    options: tuple[OptionDef, ...] = ()
    #: In which edition of the questionnaire its words last changed; no part of what it says.
    edition: int = field(default=1, compare=False)

    def option(self, key: str) -> OptionDef | None:
        """The option of that key, closed or not."""
        return next((one for one in self.options if one.key == key), None)


@dataclass(frozen=True)
class SectionDef:
    """Questions under one heading: one page of the form."""

    key: str
    title: Texts
    intro: Texts
    questions: tuple[QuestionDef, ...]


@dataclass(frozen=True)
class Definition:
    """All that is asked now, in order. Retired questions are not in it."""

    sections: tuple[SectionDef, ...]
    intro: Texts = field(default_factory=dict)
    organisations: bool = True
    ask_about_you: bool = True

    def questions(self) -> Iterator[QuestionDef]:
        """Every question, information pages among them, in order."""
        for section in self.sections:
            yield from section.questions

    def question(self, key: str) -> QuestionDef | None:
        return next((one for one in self.questions() if one.key == key), None)
