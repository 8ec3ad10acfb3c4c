"""What a contest asks of ideas besides title and text: questions that its officers set.

They are a questionnaire of the contest under a key of its own, asked on the form that writes an
idea on. The answers are parts of the idea and its versions, not responses of the register.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.texts import known_language
from ideas.models import ContestPage, Idea, IdeaVersion
from participation.actions.rules import has_opened
from participation.models import Engagement
from questionnaires import flow, kinds
from questionnaires.definition import Definition, QuestionDef
from questionnaires.describing import Line, describe
from questionnaires.editing import faults
from questionnaires.freezing import Fault, changes_refused
from questionnaires.loading import load_definition, questionnaire_of
from questionnaires.reading import definition_of

#: The questionnaire's key; 'main' is what a consultation asks everybody.
KEY = "idea"
NOTHING = Definition(sections=(), organisations=False, ask_about_you=False)


def definition_of_pages(pages: Mapping[str, ContestPage], source: str) -> Definition:
    """The questions of a contest's versions by language; ``source`` gives the structure."""
    return definition_of(
        {language: page.questions for language, page in pages.items()},
        source=source,
        organisations=False,
        ask_about_you=False,
    )


def definition_of_page(page: ContestPage) -> Definition:
    """The questions of one version, in its language alone."""
    return definition_of_pages({page.language: page}, page.language)


def asked_of(engagement: Engagement) -> Definition:
    """What authors are asked now; nothing in most contests. Three queries."""
    row = questionnaire_of(engagement, KEY)
    return load_definition(row) if row is not None else NOTHING


def standing_definition(engagement: Engagement | None, now: dt.datetime) -> Definition | None:
    """What stands since the opening; None while everything can still be changed."""
    if engagement is None or engagement.pk is None or not has_opened(engagement, now):
        return None
    return asked_of(engagement)


def faults_of(page: ContestPage, now: dt.datetime, *, unfinished: bool) -> list[Fault]:
    """What speaks against these questions, with the block; after the opening every change does."""
    definition = definition_of_page(page)
    found = faults(definition, unfinished=unfinished)
    standing = standing_definition(page.engagement, now)
    if standing is not None:
        sentence = _("The contest has opened, so what is asked of ideas stays as it is.")
        found += [
            Fault(sentence, question=one.question, field=one.field, section=one.section)
            for one in changes_refused(standing, definition)
        ]
    return found


def is_private(question: QuestionDef) -> bool:
    """Whether the answer is for the bureau alone."""
    return bool(question.settings.get("private"))


def lines(
    definition: Definition,
    answers: Mapping[str, Any],
    language: str,
    *,
    written_in: str,
    private: bool = False,
) -> list[Line]:
    """The answers given, in words, in order; private ones only for who may read them."""
    return [
        line
        for part in describe(definition, answers, language, written_in=written_in)
        for line in part.lines
        if line.given and (private or not is_private(line.question))
    ]


def public_answers(idea: Idea | IdeaVersion, engagement: Engagement) -> dict[str, Any]:
    """What everybody may read of the answers, as their kinds keep them, by key; no query where it
    answers nothing."""
    if not idea.answers:
        return {}
    asked = {one.key for one in asked_of(engagement).questions() if not is_private(one)}
    return {key: value for key, value in idea.answers.items() if key in asked}


def lines_of(idea: Idea | IdeaVersion, engagement: Engagement, **how: Any) -> list[Line]:
    """``lines`` of what an idea or a version of it says; no query where it answers nothing."""
    return lines(asked_of(engagement), idea.answers, **how) if idea.answers else []


def as_text(definition: Definition, answers: Mapping[str, Any], language: str) -> str:
    """The public answers as the register keeps them and a moderator reads them."""
    known = known_language(language)
    return "\n\n".join(
        f"{line.title.text}\n" + "\n".join(said.text for said in line.answer)
        for line in lines(definition, answers, known, written_in=known)
    )


def opened_by(
    definition: Definition, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[QuestionDef]:
    """Questions that answers given now have opened, and that nobody could see before."""
    seen = {one.key for one in flow.shown(definition, before)}
    return [
        one
        for one in flow.shown(definition, after)
        if one.key not in seen and kinds.of(one.kind).asks and one.key not in after
    ]
