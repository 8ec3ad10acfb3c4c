"""Published answers to read: filtered, a page at a time, and each at an address of its own.

A withheld answer leaves a stub with the rule. Held ones, and those for the bureau only, leave no
trace here; nor does anything of a response that was withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from core.exceptions import Absent
from core.texts import Text, pick
from feedback import question_tables
from feedback.section_questions import asked_questions
from moderation.models import Decision
from participation.comment_list import withholdings
from participation.models import Engagement, PublishChoice
from questionnaires.models import Answer, AnswerChoice, Capacity, Option, Question, TextState

PAGE = 20
LAST_PAGE = 500
#: Choices offered to filter by; a questionnaire of more is filtered by question and capacity.
MOST_OPTIONS = 300
#: Answers in one file.
FILE_ROWS = 10_000


@dataclass(frozen=True)
class Said:
    """One answer as everybody may read it; ``decision`` is set for one that was withheld."""

    answer: Answer
    decision: Decision | None = None

    @property
    def withheld(self) -> bool:
        return self.answer.state == TextState.WITHHELD

    @property
    def text(self) -> str:
        return "" if self.withheld else self.answer.text

    @property
    def language(self) -> str:
        return self.answer.response.contribution.language

    @property
    def organisation(self) -> bool:
        return self.answer.response.capacity == Capacity.ORGANISATION

    @property
    def name(self) -> str:
        """The name it stands under; '' where none may be shown (yet)."""
        response = self.answer.response
        cleared = response.signature_state == TextState.PUBLISHED
        if self.organisation:
            return response.organisation if cleared else ""
        contribution = response.contribution
        if contribution.publish_choice == PublishChoice.ALIAS and not cleared:
            return ""
        return contribution.public_name

    @cached_property
    def title(self) -> dict[str, str]:
        return question_tables.title_of(self.answer.question)


@dataclass(frozen=True)
class Filters:
    """What is chosen, and what may be."""

    questions: list[Question]
    question: Question | None
    capacity: str
    option: tuple[Question, Option] | None

    @property
    def to_read(self) -> list[Question]:
        return [one for one in self.questions if question_tables.takes_words(one)]

    def option_groups(self, language: str) -> list[tuple[Text, list[dict[str, Any]]]]:
        """Choices to filter by, under their questions; none where they are too many."""
        found = []
        number = 0
        for question in self.questions:
            options = list(question.options.all())
            number += len(options)
            if options:
                rows = [
                    {
                        "value": option_value(question, option),
                        "label": pick(option.label, language),
                        "chosen": self.option is not None and self.option[1].pk == option.pk,
                    }
                    for option in options
                ]
                found.append((pick(question_tables.title_of(question), language), rows))
        return found if number <= MOST_OPTIONS else []


@dataclass(frozen=True)
class AnswerPage:
    """One page; there is a next one when one more was found."""

    items: list[Said]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def option_value(question: Question, option: Option) -> str:
    """How an address names a choice."""
    return f"{question.anchor}:{option.block_id}"


def read_filters(engagement: Engagement, wanted: dict[str, str]) -> Filters:
    """The filters an address names; two queries. Raises Absent for names that are not there."""
    questions = asked_questions(engagement)
    question = None
    if wanted.get("question"):
        question = next((one for one in questions if one.anchor == wanted["question"]), None)
        if question is None:
            raise Absent
    capacity = wanted.get("capacity", "")
    if capacity and capacity not in Capacity.values:
        raise Absent
    option = None
    if wanted.get("option"):
        option = next(
            (
                (one, each)
                for one in questions
                for each in one.options.all()
                if option_value(one, each) == wanted["option"]
            ),
            None,
        )
        if option is None:
            raise Absent
    return Filters(questions, question, capacity, option)


def public_answers(engagement: Engagement) -> QuerySet[Answer]:
    """Published texts and stubs of withheld ones, the newest first."""
    return (
        Answer.objects.filter(
            question__questionnaire__engagement=engagement,
            question__questionnaire__published_at__isnull=False,
            response__live=True,
            response__contribution__state="published",
            state__in=(TextState.PUBLISHED, TextState.WITHHELD),
        )
        .exclude(text="")
        .select_related("question", "response__contribution")
        .order_by("-pk")
    )


def chosen_answers(engagement: Engagement, filters: Filters) -> QuerySet[Answer]:
    """Those that the filters leave."""
    rows = public_answers(engagement)
    if filters.question is not None:
        rows = rows.filter(question=filters.question)
    if filters.capacity:
        rows = rows.filter(response__capacity=filters.capacity)
    if filters.option is not None:
        rows = rows.filter(
            Exists(
                AnswerChoice.objects.filter(
                    answer__response=OuterRef("response"), option=filters.option[1]
                )
            )
        )
    return rows


def answer_page(engagement: Engagement, filters: Filters, number: str) -> AnswerPage:
    """A page of answers; two queries, without counting all. Raises Absent for no such page."""
    if not (number.isascii() and number.isdigit() and len(number) <= 3):
        raise Absent
    at = int(number)
    if not 1 <= at <= LAST_PAGE:
        raise Absent
    start = (at - 1) * PAGE
    found = list(chosen_answers(engagement, filters)[start : start + PAGE + 1])
    if at > 1 and not found:
        raise Absent
    return AnswerPage(dress(found[:PAGE]), at, len(found) > PAGE and at < LAST_PAGE)


def dress(answers: list[Answer]) -> list[Said]:
    """With the decisions that withheld some; one query, and a text that is sealed is dropped."""
    decisions = withholdings(
        [one.public_id for one in answers if one.state == TextState.WITHHELD], kind="answer"
    )
    return [Said(one, decisions.get(one.public_id)) for one in answers]


def access_answer(engagement: Engagement, public_id: str) -> Said:
    """One answer of this engagement, or its stub. Raises Absent."""
    found = public_answers(engagement).filter(public_id=public_id[:16]).first()
    if found is None:
        raise Absent
    return dress([found])[0]
