"""The API's tasks: the same actions and the same seals as the pages, another door."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Header, Query, Router, Schema

from accounts.api_auth import caller_of
from core import clock, limits
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent, Refused
from core.ids import is_public_id
from core.texts import known_language
from crowdtasks.access import access_campaign, claims_of, own_claim
from crowdtasks.actions.claims import claim_place
from crowdtasks.actions.taking import campaign_of
from crowdtasks.facts import CAMPAIGN, Facts, facts_of
from crowdtasks.listing import Filters, found
from crowdtasks.models import Claim
from participation.api import KEY_WORDS, ReceiptOut, idempotency_key, show_receipt
from participation.models import Channel, Engagement
from participation.policies import can, require
from participation.stages import stage
from questionnaires.access import access_questionnaire
from questionnaires.actions.responses import submit_response
from questionnaires.api import QuestionnaireOut, show_questions
from questionnaires.loading import load_definition

router = Router(tags=["tasks"])


class TaskOut(Schema):
    """A poll or a survey. ``places`` and ``left`` are null where as many as like may take part;
    ``reward`` is in points, the same whichever way one answers."""

    id: str
    kind: Literal["survey", "poll"]
    title: Texts
    summary: Texts
    bureau: str
    state: str
    opens_at: str | None
    closes_at: str | None
    minutes: int
    questions: int
    places: int | None
    left: int | None
    claim_minutes: int | None
    reward: int
    hold_days: int
    pages: Texts


class TaskQuery(PageQuery):
    """``minutes``: at most so many; ``reward``: with points only; ``state``: all, or open now."""

    kind: Literal["survey", "poll"] | None = None
    minutes: Literal["1", "3", "5", "10"] | None = None
    reward: bool = False
    state: Literal["open", "all"] = "open"


class ClaimOut(Schema):
    """One's part in a task. ``state`` is live (begun), expired, review, accepted, declined, refused
    or withdrawn; a live one is over at ``expires_at``. ``points`` were earned, held or not."""

    id: str
    task: str
    title: Texts
    state: str
    claimed_at: str
    expires_at: str | None
    finished_at: str | None
    receipt: str | None
    points: int


class TaskResponseIn(Schema):
    """Answers by question key, as ``POST /consultations/ID/responses`` takes them.

    ``claim`` is the part they belong to; left out, the caller's own. A poll, and a survey that has
    places left, take one with the answers. ``edition`` is what ``/tasks/ID/questions`` said.
    """

    answers: dict[str, Any]
    claim: str | None = None
    language: Literal["en", "zh-hant", "zh-hans"] | None = None
    edition: int | None = Field(None, ge=1, le=2**31 - 1)


@router.get("/tasks", response={200: Listed[TaskOut], **READING}, url_name="tasks")
def task_list(request: HttpRequest, query: Query[TaskQuery]) -> HttpResponse:
    """Polls and surveys that can be done now, what closes next first.

    Rounds of trying a product are listed with their product, `/products/ID`.
    """
    now = clock.now()
    filters = Filters(
        minutes=query.minutes or "", kind=query.kind or "", reward=query.reward, state=query.state
    )

    def show(rows: list[Engagement]) -> list[dict[str, Any]]:
        facts = facts_of(rows, now)
        return [_show(row, facts[row.pk]) for row in rows]

    # The page lists rounds too; what they take is no field of these.
    return listed(request, found(filters, now).filter(CAMPAIGN), query, show)


@router.get("/tasks/{public_id}", response={200: TaskOut, **READING}, url_name="task")
def task(request: HttpRequest, public_id: str) -> HttpResponse:
    """One poll or survey."""
    engagement = _task(public_id)
    return answer(_show(engagement, facts_of([engagement], clock.now())[engagement.pk]))


@router.get(
    "/tasks/{public_id}/questions",
    response={200: QuestionnaireOut, **READING},
    url_name="task-questions",
)
def questions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What it asks. Which questions check attention is not told."""
    engagement = _task(public_id)
    questionnaire = access_questionnaire(engagement)
    return answer(show_questions(engagement, questionnaire, load_definition(questionnaire)))


@router.post("/tasks/{public_id}/place", response={201: ClaimOut, **WRITING}, url_name="task-place")
def take_place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a place for the stated minutes; again gives the same one. Refused (409 'places_taken')
    when all are taken, and where there are no places to take (409 'no_places')."""
    _account, person = caller_of(request).require()
    engagement = _task(public_id)
    campaign = campaign_of(engagement)
    require(can("answer", engagement=engagement, person=person, now=clock.now()))
    if campaign.places is None:
        raise Refused(_("Here as many as like take part."), code="no_places", status=409)
    claim = claim_place(campaign=campaign, person=person)
    return answer(_show_claim(claim, engagement), status=201)


@router.post(
    "/tasks/{public_id}/responses", response={201: ReceiptOut, **WRITING}, url_name="task-responses"
)
def respond(
    request: HttpRequest,
    public_id: str,
    body: TaskResponseIn,
    key: str | None = Header(None, alias="Idempotency-Key", description=KEY_WORDS),
) -> HttpResponse:
    """Send the answers, once a person; the same key and answers again give the same receipt."""
    caller = caller_of(request)
    account, person = caller.require()
    engagement = _task(public_id)
    if body.claim is not None:
        mine = own_claim(engagement, person)
        if mine is None or mine.public_id != body.claim:
            raise Refused(_("This is somebody else’s part in the task."), code="not_your_place")
    receipt = submit_response(
        questionnaire=access_questionnaire(engagement),
        answers=body.answers,
        person=person,
        account=account,
        channel=Channel.API,
        language=body.language or known_language(get_language()),
        idempotency_key=idempotency_key(key, caller),
        source=limits.address(request),
        edition=body.edition,
    )
    return answer(show_receipt(receipt, caller), status=201)


@router.get("/task-claims", response={200: Listed[ClaimOut], **READING}, url_name="task-claims")
def own_claims(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """The tasks one has begun and done, the newest first."""
    _account, person = caller_of(request).require()
    return listed(
        request,
        claims_of(person),
        query,
        lambda rows: [_show_claim(row, row.campaign.engagement) for row in rows],
    )


def _task(public_id: str) -> Engagement:
    if not is_public_id(public_id):
        raise Absent
    return access_campaign(public_id)


def _show(row: Engagement, facts: Facts) -> dict[str, Any]:
    campaign = facts.campaign
    holds = facts.left is not None and not facts.is_poll
    return {
        "id": row.public_id,
        "kind": campaign.kind,
        "title": texts(row.title),
        "summary": texts(row.summary),
        "bureau": row.owner.slug,
        "state": stage(row, clock.now()).value,
        "opens_at": moment(row.opens_at),
        "closes_at": moment(row.closes_at),
        "minutes": facts.minutes,
        "questions": facts.questions,
        "places": campaign.places,
        "left": facts.left,
        "claim_minutes": campaign.claim_minutes if holds else None,
        "reward": campaign.reward,
        "hold_days": campaign.hold_days,
        "pages": texts(row.paths),
    }


def _show_claim(claim: Claim, engagement: Engagement) -> dict[str, Any]:
    entry = claim.contribution
    return {
        "id": claim.public_id,
        "task": engagement.public_id,
        "title": texts(engagement.title),
        "state": claim.state,
        "claimed_at": moment(claim.claimed_at),
        "expires_at": moment(claim.expires_at),
        "finished_at": moment(claim.finished_at),
        "receipt": entry.receipt.code if entry is not None else None,
        "points": claim.points,
    }
