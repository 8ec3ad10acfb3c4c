"""The rows of one response: built here, for a first submit, a change and a bulk import alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participation.models import Contribution, ContributionState, Engagement, PublishChoice
from participation.models.engagement import ModerationPolicy
from questionnaires import kinds
from questionnaires.definition import Definition, QuestionDef
from questionnaires.loading import Rows
from questionnaires.models import Answer, AnswerChoice, Response, TextState


@dataclass(frozen=True)
class Kept:
    """Answers ready to be written, and for each the options chosen (primary keys)."""

    answers: list[Answer]
    options: list[list[int]]

    def choices(self) -> list[AnswerChoice]:
        """The rows of the options, once the answers have primary keys."""
        return [
            AnswerChoice(answer=answer, option_id=option)
            for answer, options in zip(self.answers, self.options, strict=True)
            for option in options
        ]


def first_state(publish_choice: str) -> str:
    """A response is public in its choices as soon as its author says so, or for the bureau only.

    Its texts and its signature wait for a moderator one by one; that never changes this state.
    """
    if publish_choice == PublishChoice.CONFIDENTIAL:
        return ContributionState.CONFIDENTIAL
    return ContributionState.PUBLISHED


def text_state(engagement: Engagement, text: str, *, public: bool) -> str:
    """Where a text begins: held before publication, or public at once and looked at after."""
    if not text or not public:
        return TextState.NONE
    if engagement.moderation_policy == ModerationPolicy.AFTER:
        return TextState.PUBLISHED
    return TextState.HELD


def fill(
    answer: Answer,
    question: QuestionDef,
    value: Any,
    *,
    engagement: Engagement,
    public: bool,
    now: dt.datetime,
) -> list[str]:
    """Put a value into an answer with the state of its text; returns the option keys."""
    answer.number, answer.date, answer.text, answer.folded = None, None, "", ""
    kind = kinds.of(question.kind)
    keys = kind.store(answer, value)
    answer.state = text_state(engagement, kind.text(value, question), public=public)
    answer.published_at = now if answer.state == TextState.PUBLISHED else None
    return keys


def build(
    response: Response,
    definition: Definition,
    rows: Rows,
    answers: Mapping[str, Any],
    *,
    engagement: Engagement,
    public: bool,
    now: dt.datetime,
) -> Kept:
    """The answers of a new response, not yet written, in the order they were asked."""
    kept = Kept([], [])
    for question in definition.questions():
        if question.key not in answers:
            continue
        answer = Answer(response=response, question_id=rows.questions[question.key])
        keys = fill(
            answer,
            question,
            answers[question.key],
            engagement=engagement,
            public=public,
            now=now,
        )
        kept.answers.append(answer)
        kept.options.append([rows.options[(question.key, key)] for key in keys])
    return kept


def to_moderate(answers: list[Answer]) -> list[Answer]:
    """Those whose text a moderator has to read."""
    return [each for each in answers if each.state != TextState.NONE]


def item_facts(contribution: Contribution) -> dict[str, Any]:
    """What every item of a response's texts says of it to the queue."""
    engagement = contribution.engagement
    return {
        "author_id": contribution.person.public_id if contribution.person else "",
        "engagement_id": engagement.public_id,
        "bureau_code": engagement.owner.code,
        "urgent_at": engagement.closes_at,
    }
