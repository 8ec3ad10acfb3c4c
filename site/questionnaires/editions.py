"""Which words somebody answered to.

Until the first response is submitted a publication may change words. A draft remembers for each
answer the edition whose words stood on its page; what was reworded since is shown again before it
is sent, so that every response is kept with the very words its author read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questionnaires import flow
from questionnaires.definition import Definition, QuestionDef, SectionDef

#: The edition of answers that were kept before editions were counted.
FIRST = 1


def words_of(section: SectionDef, question: QuestionDef) -> tuple[Any, ...]:
    """Everything that somebody reads while answering a question."""
    return (
        section.title,
        section.intro,
        question.kind,
        question.title,
        question.hint,
        question.background,
        question.reason,
        question.settings,
        tuple((option.key, option.label) for option in question.options),
    )


def reworded_between(before: Definition, after: Definition) -> list[str]:
    """The keys of the questions that are in both and say something else."""
    known = {
        question.key: words_of(section, question)
        for section in before.sections
        for question in section.questions
    }
    return [
        question.key
        for section in after.sections
        for question in section.questions
        if question.key in known and known[question.key] != words_of(section, question)
    ]


def reworded_since(
    definition: Definition, answers: Mapping[str, Any], route: str, seen: Mapping[str, Any] | int
) -> list[QuestionDef]:
    """Answered questions whose words changed after they were answered, in order.

    ``seen`` is the edition read, by question or one for all. An answer to a question that is not
    shown counts as absent.
    """
    counted = flow.effective(definition, answers, route)
    return [
        question
        for question in definition.questions()
        if question.key in counted
        and question.edition > (seen if isinstance(seen, int) else seen.get(question.key, FIRST))
    ]
