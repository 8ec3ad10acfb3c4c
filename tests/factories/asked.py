"""Papers with questions, at the desk: written, written again, frozen, read back as a draft."""

from __future__ import annotations

from typing import Any

from consultations.actions.paper import publish_paper
from consultations.models import ConsultationPage
from core import audit, clock
from questionnaires.models import Questionnaire
from tests.factories.consultations import edit_paper, make_paper, translate_all
from tests.factories.engagements import make_account
from tests.factories.questions import five_questions

Blocks = list[dict[str, Any]]


def asked_paper(**fields: Any) -> tuple[ConsultationPage, Questionnaire]:
    page, engagement = make_paper(questions=five_questions(), questions_intro="Why.", **fields)
    return page, engagement.questionnaires.get()


def freeze(row: Questionnaire) -> None:
    row.frozen_at = clock.now()
    row.save(update_fields=["frozen_at"])
    audit.record("questionnaire.freeze", actor=audit.SYSTEM, rows=[row])


def again(page: ConsultationPage, blocks: Blocks) -> None:
    """Save other questions, translate what is new, publish."""
    edit_paper(page, questions=blocks)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)


def value_of(blocks: Blocks, place: int, below: int) -> dict[str, Any]:
    found: dict[str, Any] = blocks[place]["value"]["questions"][below]["value"]
    return found


def draft_of(page: ConsultationPage, language: str) -> ConsultationPage:
    found = ConsultationPage.objects.get(
        translation_key=page.translation_key, locale__language_code=language
    )
    draft: ConsultationPage = found.get_latest_revision_as_object()
    return draft
