"""Questions as officers write and read them: what is wrong at which block, and the outline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from core.texts import Text, pick
from questionnaires.definition import Definition, OptionDef, QuestionDef
from questionnaires.flow import Problem, check_definition
from questionnaires.freezing import Fault, changes_refused
from questionnaires.models import QuestionKind
from questionnaires.sentences import condition_sentence

#: What is only unfinished: a draft may be saved with it, a paper not sent.
UNFINISHED = {"no-title", "no-label", "too-few-options", "no-values"}
#: The field of a question's block that a problem is about; the question itself where none is named.
_FIELD_OF = {
    "no-title": "title",
    "too-many-key-questions": "is_key",
    "key-on-other": "is_key",
    "required-without-reason": "reason",
    "too-few-options": "options",
    "too-many-options": "options",
    "two-others": "options",
    "same-option": "options",
    "no-label": "options",
    "limits-of-choices": "most",
    "steps-of-scale": "most",
    "bounds": "most",
    "text-limit": "limit",
    "unknown-question": "condition",
    "later-question": "condition",
    "own-question": "condition",
    "cycle": "condition",
    "not-asked": "condition",
    "unknown-test": "condition",
    "unknown-option": "condition",
    "no-values": "condition",
    "bad-value": "condition",
}


def faults(
    definition: Definition, frozen: Definition | None = None, *, unfinished: bool = True
) -> list[Fault]:
    """All that speaks against publishing these questions, with the block it belongs to."""
    keys = [one.key for one in definition.questions() if one.is_key]
    found = []
    for problem in check_definition(definition):
        if problem.code in UNFINISHED and not unfinished:
            continue
        found.append(_fault(problem, keys))
    return found + (changes_refused(frozen, definition) if frozen else [])


def _fault(problem: Problem, keys: list[str]) -> Fault:
    question = problem.question
    if problem.code == "too-many-key-questions" and keys:
        # The last one marked is the one too many.
        question = keys[-1]
    return Fault(str(problem.sentence), question=question, field=_FIELD_OF.get(problem.code, ""))


def block_errors(value: Any, found: Iterable[Fault]) -> StreamBlockValidationError:
    """The faults as the editor shows them: each at its block, the others above all blocks."""
    places = {}
    for at, section in enumerate(value):
        for below, question in enumerate(section.value["questions"]):
            places[question.id] = (at, below, question.value)
    sections = {section.id: at for at, section in enumerate(value)}
    above: list[ValidationError] = []
    by_section: dict[int, dict[str, ValidationError]] = {}
    by_question: dict[int, dict[int, dict[str, list[str]]]] = {}
    for fault in found:
        if fault.question in places:
            at, below, struct = places[fault.question]
            field = fault.field if fault.field in struct else "title"
            lines = by_question.setdefault(at, {}).setdefault(below, {})
            lines.setdefault(field, []).append(fault.sentence)
        elif fault.section in sections:
            by_section.setdefault(sections[fault.section], {})[fault.field] = ValidationError(
                fault.sentence
            )
        else:
            above.append(ValidationError(fault.sentence))
    for at, questions in by_question.items():
        by_section.setdefault(at, {})["questions"] = StreamBlockValidationError(
            block_errors={below: _of_question(lines) for below, lines in questions.items()}
        )
    return StreamBlockValidationError(
        block_errors={
            at: StructBlockValidationError(block_errors=errors) for at, errors in by_section.items()
        },
        non_block_errors=above or None,
    )


def _of_question(lines: dict[str, list[str]]) -> StructBlockValidationError:
    errors: dict[str, Any] = {}
    for field, sentences in lines.items():
        said = [ValidationError(one) for one in dict.fromkeys(sentences)]
        if field == "options":
            errors[field] = StreamBlockValidationError(non_block_errors=said)
        elif field == "condition":
            errors[field] = StructBlockValidationError(non_block_errors=said)
        else:
            errors[field] = ValidationError(said)
    return StructBlockValidationError(block_errors=errors)


@dataclass(frozen=True)
class AskedQuestion:
    """A question as officers read it, in one version's words."""

    question: QuestionDef
    kind: str
    title: Text
    hint: Text
    reason: Text
    options: list[tuple[Text, OptionDef]]
    condition: list[Text]


def outline(definition: Definition, language: str) -> list[tuple[Text, list[AskedQuestion]]]:
    """Sections with their questions, for the approver and the preview; in one language."""
    return [
        (
            pick(section.title, language),
            [_as_read(definition, one, language) for one in section.questions],
        )
        for section in definition.sections
    ]


def _as_read(definition: Definition, question: QuestionDef, language: str) -> AskedQuestion:
    return AskedQuestion(
        question=question,
        kind=str(QuestionKind(question.kind).label),
        title=pick(question.title, language),
        hint=pick(question.hint, language),
        reason=pick(question.reason, language),
        options=[(pick(one.label, language), one) for one in question.options],
        condition=condition_sentence(definition, question),
    )
