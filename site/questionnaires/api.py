"""The API's questions and responses: the same action as the form, another door."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Header, Router, Schema

from accounts.api_auth import caller_of
from core import limits
from core.api import READING, WRITING, Texts, answer, texts
from core.exceptions import Absent
from core.ids import is_public_id
from core.texts import known_language
from participation.access import access_engagement
from participation.api import (
    NOBODYS_KEY_WORDS,
    ReceiptOut,
    idempotency_key,
    show_receipt,
)
from participation.models import Channel, Engagement
from questionnaires import flow
from questionnaires.access import access_questionnaire
from questionnaires.actions.responses import submit_response
from questionnaires.definition import Definition, QuestionDef
from questionnaires.loading import load_definition
from questionnaires.models import Questionnaire

router = Router(tags=["questions"])


class OptionOut(Schema):
    """One choice. ``closed``: no longer to be chosen; ``alone``: with no other."""

    key: str
    label: Texts
    other: bool
    alone: bool
    closed: bool


class QuestionOut(Schema):
    """One question. ``condition`` is empty for one that is always asked."""

    key: str
    number: int
    kind: str
    title: Texts
    hint: Texts
    background: Texts
    required: bool
    reason: Texts
    is_key: bool
    settings: dict[str, Any]
    condition: dict[str, Any]
    options: list[OptionOut]


class SectionOut(Schema):
    """Questions under one heading."""

    key: str
    title: Texts
    intro: Texts
    questions: list[QuestionOut]


class QuestionnaireOut(Schema):
    """All that is asked. ``minutes`` is about how long answering takes.

    ``edition`` grows when words are changed, which ends with the first response: send it back with
    the answers, and they are refused (409 'wording_changed') where a question has changed since.
    """

    consultation: str
    edition: int
    intro: Texts
    minutes: int
    organisations: bool
    sections: list[SectionOut]


class ResponseIn(Schema):
    """A response. ``answers`` maps a question's key to its kind's value:

    one choice ``{"option": key, "other": text}``, several ``{"options": [keys], "other": text}``,
    a scale's step, a number or ISO date as text, a text, consent ``true``.

    ``replace`` changes the response that stands. ``version`` is the one that was read before:
    with another standing by now, or none, nothing is changed (409 'edited').
    """

    answers: dict[str, Any]
    route: Literal["whole", "key"] = "whole"
    capacity: Literal["individual", "organisation"] = "individual"
    organisation: str = ""
    publish: Literal["name", "alias", "confidential"] = "confidential"
    alias: str = ""
    display_name: str = ""
    language: Literal["en", "zh-hant", "zh-hans"] | None = None
    replace: bool = False
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    edition: int | None = Field(None, ge=1, le=2**31 - 1)


@router.get(
    "/consultations/{public_id}/questions",
    response={200: QuestionnaireOut, **READING},
    url_name="questions",
)
def questions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is asked; not found where nothing is."""
    engagement = _engagement(public_id)
    questionnaire = access_questionnaire(engagement)
    definition = load_definition(questionnaire)
    return answer(show_questions(engagement, questionnaire, definition))


@router.post(
    "/consultations/{public_id}/responses",
    response={201: ReceiptOut, **WRITING},
    url_name="responses",
)
def respond(
    request: HttpRequest,
    public_id: str,
    body: ResponseIn,
    key: str | None = Header(None, alias="Idempotency-Key", description=NOBODYS_KEY_WORDS),
) -> HttpResponse:
    """Submit a response; one a person and capacity, ``replace`` changes the one that stands."""
    caller = caller_of(request)
    receipt = submit_response(
        questionnaire=access_questionnaire(_engagement(public_id)),
        answers=body.answers,
        route=body.route,
        person=caller.person,
        account=caller.account,
        capacity=body.capacity,
        organisation=body.organisation,
        publish_choice=body.publish,
        alias=body.alias,
        display_name=body.display_name,
        channel=Channel.API,
        language=body.language or known_language(get_language()),
        idempotency_key=idempotency_key(key, caller),
        source=limits.address(request),
        replace=body.replace,
        version=body.version,
        edition=body.edition,
    )
    return answer(show_receipt(receipt, caller), status=201)


def _engagement(public_id: str) -> Engagement:
    if not is_public_id(public_id):
        raise Absent
    return access_engagement(public_id)


def show_questions(
    engagement: Engagement, questionnaire: Questionnaire, definition: Definition
) -> dict[str, Any]:
    """All that a questionnaire asks."""
    return {
        "consultation": engagement.public_id,
        "edition": questionnaire.edition,
        "intro": texts(definition.intro),
        "minutes": flow.minutes(definition),
        "organisations": definition.organisations,
        "sections": [
            {
                "key": section.key,
                "title": texts(section.title),
                "intro": texts(section.intro),
                "questions": [_question(one) for one in section.questions],
            }
            for section in definition.sections
        ],
    }


def _question(one: QuestionDef) -> dict[str, Any]:
    return {
        "key": one.key,
        "number": one.number,
        "kind": str(one.kind),
        "title": texts(one.title),
        "hint": texts(one.hint),
        "background": texts(one.background),
        "required": one.required,
        "reason": texts(one.reason),
        "is_key": one.is_key,
        "settings": dict(one.settings),
        "condition": one.condition.to_json(),
        "options": [
            {
                "key": option.key,
                "label": texts(option.label),
                "other": option.other,
                "alone": option.alone,
                "closed": option.closed,
            }
            for option in one.options
        ],
    }
