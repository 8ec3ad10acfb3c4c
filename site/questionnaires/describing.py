"""Answers in words: for the check page, the receipt and the copy to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.texts import Text, pick
from questionnaires import flow, kinds
from questionnaires.definition import Definition, QuestionDef, SectionDef
from questionnaires.kinds.texts import Words


@dataclass(frozen=True)
class Line:
    """One question and its answer. ``written`` marks own words, whose line breaks count."""

    question: QuestionDef
    title: Text
    answer: list[Text]
    written: bool = False

    @property
    def given(self) -> bool:
        return bool(self.answer)


@dataclass(frozen=True)
class Part:
    """A section's lines. ``place`` counts all sections of the definition from 1."""

    section: SectionDef
    place: int
    title: Text
    lines: list[Line]


def describe(
    definition: Definition,
    answers: Mapping[str, Any],
    language: str,
    *,
    route: str = flow.WHOLE,
    written_in: str = "",
) -> list[Part]:
    """Every question that was shown, with its answer; unanswered ones have no lines.

    ``written_in`` is the language in which the writer typed, for ``lang`` of own words.
    """
    places = {section.key: place for place, section in enumerate(definition.sections, start=1)}
    parts = []
    for section in flow.pages(definition, answers, route):
        lines = [
            _line(question, answers.get(question.key), language, written_in or language)
            for question in section.questions
            if kinds.of(question.kind).asks
        ]
        if lines:
            parts.append(Part(section, places[section.key], pick(section.title, language), lines))
    return parts


def describe_typed(
    definition: Definition, section: SectionDef, values: Mapping[str, Any], language: str
) -> list[Part]:
    """What was typed on one page, whatever it depends on; nothing where nothing was."""
    place = [each.key for each in definition.sections].index(section.key) + 1
    lines = [
        _line(question, values[question.key], language, language)
        for question in section.questions
        if values.get(question.key) is not None
    ]
    return [Part(section, place, pick(section.title, language), lines)] if lines else []


def _line(question: QuestionDef, value: Any, language: str, written_in: str) -> Line:
    kind = kinds.of(question.kind)
    written = isinstance(kind, Words)
    said = [] if value is None else kind.describe(value, question, language)
    if written:
        said = [Text(one.text, written_in) for one in said]
    return Line(question, pick(question.title, language), said, written)
