"""The questions after the last step: what a round's page asks and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from crowdtasks.asked import frozen_definition
from crowdtasks.products import sus
from crowdtasks.products.models import RoundPage
from questionnaires import flow
from questionnaires.definition import Definition, SectionDef
from questionnaires.editing import faults
from questionnaires.freezing import Fault
from questionnaires.reading import definition_of

#: An open round asks no more of whoever passes by.
MOST_QUESTIONS = 5


def definition_of_pages(pages: Mapping[str, RoundPage], source: str) -> Definition:
    """The questions of a round's versions by language; ``source`` gives the structure.

    The statements of the System Usability Scale come last, on the same screen.
    """
    written = _written(pages, source)
    if not pages[source].asks_sus:
        return written
    *before, last = written.sections or (SectionDef(key="sus", title={}, intro={}, questions=()),)
    after = sum(one.number > 0 for one in written.questions())
    added = sus.questions(pages, after=after)
    return replace(written, sections=(*before, replace(last, questions=last.questions + added)))


def _written(pages: Mapping[str, RoundPage], source: str) -> Definition:
    """What the editor wrote."""
    return definition_of(
        {language: page.questions for language, page in pages.items()},
        source=source,
        organisations=False,
        ask_about_you=False,
    )


def definition_of_page(page: RoundPage) -> Definition:
    """The questions of one version, in its language alone."""
    return definition_of_pages({page.language: page}, page.language)


def asks_its_own(page: RoundPage) -> bool:
    """Whether it asks anything besides the scale, which who comes by is not asked
    (``scale.asked_of``); what people have answered stands as it is."""
    if frozen_definition(page.engagement) is not None:
        return True
    return flow.asked(_written({page.language: page}, page.language)) > 0


def faults_of(page: RoundPage, *, unfinished: bool) -> list[Fault]:
    """What speaks against these questions, each with its block."""
    definition = definition_of_page(page)
    found = faults(definition, frozen_definition(page.engagement), unfinished=unfinished)
    if len(definition.sections) > 1:
        found.append(
            Fault(
                _("The questions come on one screen: put them into one section."),
                section=definition.sections[1].key,
                field="title",
            )
        )
    written = _written({page.language: page}, page.language)
    if flow.asked(written) > MOST_QUESTIONS:
        last = [one for one in written.questions() if one.number][MOST_QUESTIONS]
        found.append(
            Fault(_("An open round asks at most five questions."), question=last.key, field="title")
        )
    return found
