"""The API's report: the figures that the page, the PDF and the files show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from accounts.api_auth import caller_of
from core import clock
from core.api import READING, answer
from feedback.access import access_own_report
from feedback.actions.delivery import note_read
from feedback.summary import summary

router = Router(tags=["report"])


class RegisterOut(Schema):
    """Received is the sum of the five others, always."""

    received: int
    published: int
    held: int
    withheld: int
    withdrawn: int
    confidential: int


class ReportOut(Schema):
    """Figures as at a moment; ``sealed`` names the sections you may not see yet (null).

    ``more`` has the figures of further sections.
    """

    id: str
    as_at: str
    version: int | None
    sha256: str
    sealed: list[str]
    # pydantic has a method of that name.
    register_: RegisterOut = Field(alias="register")
    statements: list[dict[str, Any]] | None
    voters: int | None
    responses: int | None
    questions: list[dict[str, Any]] | None
    groups: dict[str, Any] | None
    more: dict[str, dict[str, Any] | None]


@router.get(
    "/consultations/{public_id}/report", response={200: ReportOut, **READING}, url_name="report"
)
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """For officers of the owner and partners, and administrators (whose reading is recorded).

    Results are in it as soon as they are open; for officers of the owner from the close on.
    """
    caller = caller_of(request)
    account, _person = caller.require()
    engagement, body = access_own_report(public_id, account)
    if body is None:
        note_read(engagement=engagement, by=account, what="api")
    for_owner = body is not None and body.pk == engagement.owner_id
    return answer(summary(engagement, now=clock.now(), for_owner=for_owner))
