"""The questions of a campaign: what its page asks, what speaks against it, its attention checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crowdtasks.models import CampaignPage
from participation.models import Engagement
from questionnaires import flow
from questionnaires.definition import Definition
from questionnaires.editing import faults
from questionnaires.freezing import Fault
from questionnaires.loading import load_definition, questionnaire_of
from questionnaires.reading import definition_of

#: A poll is one screen.
POLL_QUESTIONS = 5


def definition_of_pages(pages: Mapping[str, CampaignPage], source: str) -> Definition:
    """The questions of a campaign's versions by language; ``source`` gives the structure."""
    return definition_of(
        {language: page.questions for language, page in pages.items()},
        source=source,
        organisations=False,
        ask_about_you=not pages[source].is_poll,
    )


def definition_of_page(page: CampaignPage) -> Definition:
    """The questions of one version, in its language alone."""
    return definition_of_pages({page.language: page}, page.language)


def frozen_definition(engagement: Engagement | None) -> Definition | None:
    """What people have answered already; None while everything can still be changed."""
    if engagement is None or engagement.pk is None or engagement.published_at is None:
        return None
    row = questionnaire_of(engagement)
    return load_definition(row) if row is not None and row.frozen_at is not None else None


def faults_of(page: CampaignPage, *, unfinished: bool) -> list[Fault]:
    """What speaks against these questions, each with its block."""
    definition = definition_of_page(page)
    found = faults(definition, frozen_definition(page.engagement), unfinished=unfinished)
    if page.is_poll:
        found += _too_much_for_a_poll(definition)
    return found


def _too_much_for_a_poll(definition: Definition) -> list[Fault]:
    found = []
    if len(definition.sections) > 1:
        found.append(
            Fault(
                _("A poll is one screen: put its questions into one section."),
                section=definition.sections[1].key,
                field="title",
            )
        )
    if flow.asked(definition) > POLL_QUESTIONS:
        last = [one for one in definition.questions() if one.number][POLL_QUESTIONS]
        found.append(
            Fault(
                _("A poll asks at most five questions. Make it a survey to ask more."),
                question=last.key,
                field="title",
            )
        )
    return found


def seconds_of(definition: Definition) -> int:
    """How long answering takes, as the minutes are worked out; conditional questions count half."""
    return round(
        sum(
            flow.seconds(question) / (2 if question.condition.tests else 1)
            for question in definition.questions()
        )
    )


def checks_of(questions: Iterable[Any]) -> dict[str, list[str]]:
    """The questions that check attention, with their right options, by block id."""
    found = {}
    for section in questions:
        for question in section.value["questions"]:
            if question.block_type != "one":
                continue
            right = [str(one.id) for one in question.value["options"] if one.value["expected"]]
            if right:
                found[str(question.id)] = right
    return found
