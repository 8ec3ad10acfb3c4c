"""Of whom the System Usability Scale is asked: of who was invited, never of who comes by.

Whoever comes by answers at most five questions (``asked.MOST_QUESTIONS``). An invited round that
was opened to everybody asks both: the invited whole, others without the ten statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from core.exceptions import Invalid
from crowdtasks.asked import seconds_of
from crowdtasks.products import audience, sus
from crowdtasks.products.models import Round, RoundPage, WhoTries
from participation.models import Engagement
from questionnaires import flow
from questionnaires.definition import Definition, SectionDef


def check_scale(draft: RoundPage, standing: Round | None) -> None:
    """Refuse the scale in a round that anybody may try. Raises ``Invalid`` (field 'asks_sus').

    A round that was public with it before this rule keeps it, so that it can be published again;
    nobody is asked it any more (``asked_of``).
    """
    if not draft.asks_sus or draft.who != WhoTries.ANYONE:
        return
    if standing is None or not standing.asks_sus or standing.who != WhoTries.ANYONE:
        raise Invalid(
            _(
                "The System Usability Scale is for invited volunteers: an open round asks at most "
                "five questions. Choose invited volunteers, or do not ask the scale."
            ),
            field="asks_sus",
        )


def without(definition: Definition) -> Definition:
    """All but the scale; the whole where nothing else is asked, since a try ends with an answer."""
    sections = tuple(_rest(section) for section in definition.sections)
    rest = replace(definition, sections=sections)
    return rest if flow.asked(rest) else definition


def _rest(section: SectionDef) -> SectionDef:
    kept = tuple(one for one in section.questions if not sus.is_statement(one.key))
    return replace(section, questions=kept)


def asked_of(
    engagement: Engagement,
    definition: Definition,
    person: Person | None,
    answers: Mapping[str, Any],
) -> Definition:
    """What a round asks of this person; statements that were answered belong to it."""
    statements = [one for one in definition.questions() if sus.is_statement(one.key)]
    if not statements or any(one.key in answers for one in statements):
        return definition
    row = Round.objects.filter(engagement=engagement).first()
    if row is not None and audience.invited(row, person):
        return definition
    return without(definition)


def expected_seconds(row: Round, person: Person | None) -> int:
    """How long a try takes this person, as the round's questions and steps say."""
    if not row.asks_sus or audience.invited(row, person):
        return row.seconds
    return max(0, row.seconds - seconds_of_scale())


@cache
def seconds_of_scale() -> int:
    """What the ten statements take in two languages; in one it is less."""
    scale = sus.questions(("en", "zh-hant"), after=0)
    section = SectionDef(key="sus", title={}, intro={}, questions=scale)
    return seconds_of(Definition(sections=(section,)))
