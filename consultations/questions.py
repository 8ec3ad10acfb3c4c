"""The questions of a paper's pages: one definition of its versions, what the editor is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultations.models import ConsultationPage
from core.texts import Text, known_language
from participation.models import Engagement
from questionnaires.definition import KEY_LIMIT, Definition
from questionnaires.editing import faults
from questionnaires.flow import KEY, minutes
from questionnaires.freezing import Fault
from questionnaires.loading import load_definition, questionnaire_of
from questionnaires.reading import definition_of
from questionnaires.sentences import condition_sentence


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
