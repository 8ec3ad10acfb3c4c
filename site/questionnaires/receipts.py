"""What the receipt of a response shows: its answers to their author, its state to the holder."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from core import clock
from core.texts import known_language
from participation import kinds
from participation.models import Contribution
from participation.policies import can_edit_contribution
from questionnaires import gates
from questionnaires.actions.changes import values_of
from questionnaires.corrections import corrections_since
from questionnaires.describing import describe
from questionnaires.loading import load_definition
from questionnaires.models import AboutYou, Response, TextState
from questionnaires.visit import sent_by_visit


def show(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """The receipt's part: how many texts wait or were withheld; answers for whom they are."""
    response = (
        Response.objects.select_related("questionnaire").filter(contribution=contribution).first()
    )
    if response is None:
        return {}
    response.contribution = contribution
    code = contribution.receipt.code
    # Where anybody may answer nobody can sign in as its author: the visit that sent it may read.
    mine = own or (contribution.person_id is None and sent_by_visit(request, code))
    states = [*response.answers.values_list("state", flat=True), response.signature_state]
    found: dict[str, Any] = {
        "part": "questionnaires/receipt_part.html",
        "response": response,
        "texts_held": states.count(TextState.HELD),
        "texts_withheld": states.count(TextState.WITHHELD),
        # What stood on the page before was read there.
        "corrections": corrections_since(contribution.engagement_id, contribution.received_at),
        "mine": mine,
        **gates.receipt_part(request, contribution, own),
    }
    if not mine:
        return found
    now = clock.now()
    person = contribution.person if own else None
    standing = contribution.state != "withdrawn"
    answers = values_of(response)
    definition = gates.asked_of(
        contribution.engagement,
        load_definition(response.questionnaire),
        contribution.person,
        answers,
    )
    return {
        **found,
        "answers_part": "questionnaires/parts/answers.html",
        "parts": describe(
            definition,
            answers,
            known_language(get_language()),
            route=response.route,
            written_in=contribution.language,
        ),
        "can_change": own
        and can_edit_contribution(contribution=contribution, person=person, now=now).allowed,
        "asks_about_you": standing and response.questionnaire.ask_about_you,
        "told_about_you": AboutYou.objects.filter(response=response).exists(),
    }


def register() -> None:
    """Called from ``ready()``."""
    kinds.on_receipt("response", show)
