"""The questions of a paper's pages: one definition of its versions, errors at the right block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from consultations.models import ConsultationPage
from core.texts import Text, known_language, pick
from participation.models import Engagement
from questionnaires.definition import KEY_LIMIT, Definition, OptionDef, QuestionDef
from questionnaires.flow import KEY, Problem, check_definition, minutes
from questionnaires.freezing import Fault, changes_refused
from questionnaires.loading import load_definition, questionnaire_of
from questionnaires.models import QuestionKind
from questionnaires.reading import definition_of
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


def definition_of_pages(pages: Mapping[str, ConsultationPage], source: str) -> Definition:
    """The questionnaire of a paper's versions by language; ``source`` gives the structure."""
    first = pages[source]
    return definition_of(
        {language: page.questions for language, page in pages.items()},
        source=source,
        intro={language: page.questions_intro for language, page in pages.items()},
        organisations=first.organisations_may_answer,
        ask_about_you=first.ask_about_you,
    )


def definition_of_page(page: ConsultationPage) -> Definition:
    """The questionnaire of one version, in its language alone."""
    return definition_of_pages({page.language: page}, page.language)


def frozen_definition(engagement: Engagement | None) -> Definition | None:
    """What people have answered already; None while everything can still be changed."""
    if engagement is None or engagement.pk is None or engagement.published_at is None:
        return None
    row = questionnaire_of(engagement)
    return load_definition(row) if row is not None and row.frozen_at is not None else None


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


# --- as it is read --------------------------------------------------------------------------------


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


def outline(page: ConsultationPage) -> list[tuple[Text, list[AskedQuestion]]]:
    """Sections with their questions, for the approver and the preview; in the page's language."""
    definition = definition_of_page(page)
    return [
        (
            pick(section.title, page.language),
            [_as_read(definition, one, page.language) for one in section.questions],
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


# --- what the editor is told while writing --------------------------------------------------------

#: Longer than this, few finish (ux.md, evidence): the editor is warned.
LONG_MINUTES = 10


@dataclass(frozen=True)
class Summary:
    """How long it takes, what is wrong, and each condition as a sentence (by question key)."""

    asked: int
    minutes: int
    keyed: int
    key_minutes: int
    sentences: dict[str, list[Text]]
    faults: list[Fault]

    @property
    def is_long(self) -> bool:
        return self.minutes > LONG_MINUTES

    @property
    def too_many_keys(self) -> bool:
        return self.keyed > KEY_LIMIT

    @property
    def time(self) -> str:
        """The length in one sentence."""
        if not self.asked:
            return _("No questions yet.")
        asked = ngettext("%(count)d question", "%(count)d questions", self.asked) % {
            "count": self.asked
        }
        whole = ngettext(
            "%(asked)s, about %(minutes)d minute to answer.",
            "%(asked)s, about %(minutes)d minutes to answer.",
            self.minutes,
        ) % {"asked": asked, "minutes": self.minutes}
        if not self.keyed:
            return whole
        short = ngettext(
            "%(count)d key question, about %(minutes)d min.",
            "%(count)d key questions, about %(minutes)d min.",
            self.keyed,
        ) % {"count": self.keyed, "minutes": self.key_minutes}
        # Chinese sentences stand without a space between them.
        glue = "" if known_language(get_language()).startswith("zh") else " "
        return f"{whole}{glue}{short}"

    @property
    def warnings(self) -> list[str]:
        """What is advised against."""
        if not self.is_long:
            return []
        return [
            _("It takes over ten minutes, and few people finish that. Ask less, or mark key ones.")
        ]


def summary(definition: Definition, frozen: Definition | None = None) -> Summary:
    """Count and read a definition in the active language."""
    questions = list(definition.questions())
    asked = sum(one.number > 0 for one in questions)
    keyed = sum(one.is_key for one in questions)
    return Summary(
        asked=asked,
        minutes=minutes(definition) if asked else 0,
        keyed=keyed,
        key_minutes=minutes(definition, KEY) if keyed else 0,
        sentences={
            one.key: said for one in questions if (said := condition_sentence(definition, one))
        },
        faults=faults(definition, frozen, unfinished=False),
    )
