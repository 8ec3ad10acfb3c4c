"""The API's panel: what one said as a volunteer, and one's invitations. Nobody reads another's.

Sessions and their waiting lists have pages alone: where one meets is told to who comes.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from accounts.api_auth import caller_of
from core import clock
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from crowdtasks.panel.access import access_own_invitation, own_invitations, own_volunteer
from crowdtasks.panel.actions.answering import accept_invitation, decline_invitation
from crowdtasks.panel.actions.volunteering import leave_panel, save_volunteer
from crowdtasks.panel.facets import AGES, ASSISTIVE, DEVICES, DISTRICTS, LANGUAGES
from crowdtasks.panel.models import Invitation, Volunteer
from crowdtasks.panel.states import InvitationState

router = Router(tags=["panel"])
_REFUSED = {status: READING[status] for status in (401, 422, 429)}
MOST_CHOSEN = 20


def _one_of(words: Any) -> str:
    return f"One of: {', '.join(words)}."


class VolunteerIn(Schema):
    """What one says of oneself. Age group and devices are needed, the rest only opens invitations
    that ask for it."""

    age: str = Field(max_length=10, description=_one_of(AGES))
    devices: list[str] = Field(max_length=MOST_CHOSEN, description=_one_of(DEVICES))
    district: str = Field("", max_length=30, description=f"{_one_of(DISTRICTS)} Empty: not said.")
    languages: list[str] = Field(
        default_factory=list, max_length=MOST_CHOSEN, description=_one_of(LANGUAGES)
    )
    assistive: list[str] = Field(
        default_factory=list, max_length=MOST_CHOSEN, description=_one_of(ASSISTIVE)
    )


class VolunteerOut(VolunteerIn):
    """The same as it stands; it is erased at ``kept_until`` unless it is saved again before."""

    joined_at: str
    saved_at: str
    kept_until: str


class LeftOut(Schema):
    """``erased``: whether there was anything."""

    erased: bool


class InvitationOut(Schema):
    """One's invitation to a round. ``answer_until`` is null once it cannot be accepted any more."""

    round: str
    title: Texts
    state: str = Field(description=_one_of(InvitationState.values))
    invited_at: str
    answer_until: str | None
    pages: Texts


@router.get("/volunteer", response={200: VolunteerOut, **READING}, url_name="own-volunteer")
def own(request: HttpRequest) -> HttpResponse:
    """What one said as a volunteer; 404 for who is none."""
    _account, person = caller_of(request).require()
    row = own_volunteer(person)
    if row is None:
        raise Absent
    return answer(_volunteer(row))


@router.put("/volunteer", response={200: VolunteerOut, **WRITING}, url_name="own-volunteer")
def save(request: HttpRequest, body: VolunteerIn) -> HttpResponse:
    """Volunteer, or change what one said; what is left out is not said any more."""
    _account, person = caller_of(request).require()
    return answer(_volunteer(save_volunteer(person=person, **body.dict())))


@router.delete("/volunteer", response={200: LeftOut, **WRITING}, url_name="own-volunteer")
def leave(request: HttpRequest) -> HttpResponse:
    """Leave, and erase what one said. Invitations that were not begun end with it."""
    _account, person = caller_of(request).require()
    return answer({"erased": leave_panel(person=person)})


@router.get(
    "/invitations", response={200: Listed[InvitationOut], **READING}, url_name="own-invitations"
)
def invitations(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """One's invitations in every state, the newest first."""
    _account, person = caller_of(request).require()
    return listed(request, own_invitations(person), query, lambda rows: map(_invitation, rows))


@router.post(
    "/rounds/{public_id}/invitation/accept",
    response={200: InvitationOut, **WRITING},
    url_name="accept-invitation",
)
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take part in a round one is invited to. Again changes nothing; 409 once it is over."""
    _account, person = caller_of(request).require()
    _round, row = access_own_invitation(_known(public_id), person)
    return answer(_invitation(accept_invitation(invitation=row, person=person)))


@router.post(
    "/rounds/{public_id}/invitation/decline",
    response={200: InvitationOut, **WRITING},
    url_name="decline-invitation",
)
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do not take part, also after having accepted, until the try is begun."""
    _account, person = caller_of(request).require()
    _round, row = access_own_invitation(_known(public_id), person)
    return answer(_invitation(decline_invitation(invitation=row, person=person)))


def _known(public_id: str) -> str:
    if not is_public_id(public_id):
        raise Absent
    return public_id


def _volunteer(row: Volunteer) -> dict[str, Any]:
    return {
        "age": row.age,
        "devices": row.devices,
        "district": row.district,
        "languages": row.languages,
        "assistive": row.assistive,
        "joined_at": moment(row.joined_at),
        "saved_at": moment(row.saved_at),
        "kept_until": moment(row.kept_until),
    }


def _invitation(row: Invitation) -> dict[str, Any]:
    engagement = row.draw.plan.round.engagement
    return {
        "round": engagement.public_id,
        "title": texts(engagement.title),
        "state": row.state,
        "invited_at": moment(row.invited_at),
        "answer_until": moment(row.expires_at) if row.waits_at(clock.now()) else None,
        "pages": texts(engagement.paths),
    }
