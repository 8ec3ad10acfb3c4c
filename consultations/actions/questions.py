"""What publishing refuses of a paper's questions."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Level
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page, frozen_definition
from core import clock
from core.exceptions import Invalid
from participation.models import Engagement
from questionnaires.editing import faults
from questionnaires.loading import questionnaire_of


def check_questions(draft: ConsultationPage, engagement: Engagement | None) -> None:
    """Raise ``Invalid`` unless conditions hold together and what people answered stands.

    What is only unfinished may be saved; see ``refuse_unfinished``.
    """
    if not draft.questions and engagement is None:
        return
    if engagement is not None and _asks_already(engagement):
        held = engagement.levels.get("answer", Level.EMAIL)
        if int(draft.answer_level) != held:
            raise Invalid(
                _("It has opened; who may answer can no longer change."), field="answer_level"
            )
    for fault in faults(definition_of_page(draft), frozen_definition(engagement), unfinished=False):
        raise Invalid(
            fault.sentence,
            field="questions",
            code="questions",
            data={"question": fault.question},
        )


def _asks_already(engagement: Engagement) -> bool:
    """Whether its questions are open or were: who may answer them stands then."""
    return (
        engagement.published_at is not None
        and engagement.opens_at is not None
        and engagement.opens_at <= clock.now()
        and questionnaire_of(engagement) is not None
    )


def refuse_unfinished(draft: ConsultationPage) -> None:
    """Raise ``Invalid`` for what a draft may be saved with, but not published."""
    for fault in faults(definition_of_page(draft)):
        raise Invalid(fault.sentence, field="questions", data={"question": fault.question})
