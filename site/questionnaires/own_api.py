"""The API's own responses: a person reads, and takes back, what the person answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from accounts.api_auth import caller_of
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from participation.actions.contributions import withdraw_contribution
from questionnaires.access import access_own_response, own_responses
from questionnaires.actions.changes import read_values, signing_of
from questionnaires.models import Response

router = Router(tags=["questions"])


class ResponseOut(Schema):
    """An own response as it stands. ``answers`` is what ``POST …/responses`` takes.

    ``state``: published (its choices; texts are cleared one by one), confidential (the bureau reads
    it), withheld or withdrawn. Change it by sending all of it again with ``replace`` and
    the ``version`` read here.
    """

    id: str
    receipt: str
    consultation: str
    title: Texts
    state: str
    version: int
    received_at: str
    edited_at: str | None
    language: str
    route: str
    capacity: str
    organisation: str
    publish: str
    alias: str
    answers: dict[str, Any]


class OwnResponseQuery(PageQuery):
    """``consultation`` narrows to one."""

    consultation: str | None = None


@router.get("/responses", response={200: Listed[ResponseOut], **READING}, url_name="own-responses")
def own_list(request: HttpRequest, query: Query[OwnResponseQuery]) -> HttpResponse:
    """One's own responses in every state, the newest first."""
    _account, person = caller_of(request).require()
    rows = own_responses(person)
    if query.consultation is not None:
        if not is_public_id(query.consultation):
            raise Absent
        rows = rows.filter(contribution__engagement__public_id=query.consultation)
    return listed(request, rows, query, lambda found: map(_show, found))


@router.get("/responses/{public_id}", response={200: ResponseOut, **READING}, url_name="response")
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of one's own responses; anybody else's is not found."""
    _account, person = caller_of(request).require()
    return answer(_show(access_own_response(public_id, person)))


@router.delete(
    "/responses/{public_id}", response={200: ResponseOut, **WRITING}, url_name="response"
)
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an own response back until the close; it stays counted as received, as withdrawn."""
    account, person = caller_of(request).require()
    response = access_own_response(public_id, person)
    response.contribution = withdraw_contribution(
        contribution=response.contribution, person=person, account=account
    )
    return answer(_show(response))


def _show(row: Response) -> dict[str, Any]:
    entry, signing = row.contribution, signing_of(row)
    return {
        "id": entry.public_id,
        "receipt": entry.receipt.code,
        "consultation": entry.engagement.public_id,
        "title": texts(entry.engagement.title),
        "state": entry.state,
        "version": entry.version,
        "received_at": moment(entry.received_at),
        "edited_at": moment(entry.edited_at),
        "language": entry.language,
        "route": row.route,
        "capacity": signing.capacity,
        "organisation": signing.organisation,
        "publish": signing.publish_choice,
        "alias": signing.alias,
        "answers": read_values(row.answers.all()),
    }
