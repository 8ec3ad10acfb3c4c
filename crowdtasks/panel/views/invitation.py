"""A volunteer's own invitation: what it is, accept, decline. Without scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from crowdtasks.panel.access import (
    access_invited_round,
    access_own_invitation,
    own_invitation,
    sessions_of,
)
from crowdtasks.panel.actions.answering import accept_invitation, decline_invitation
from crowdtasks.panel.cells import device_of
from crowdtasks.panel.facets import DEVICES
from crowdtasks.panel.models import Invitation
from crowdtasks.panel.states import DECLINABLE, TAKING_PART, InvitationState
from crowdtasks.products.models import Round
from participation.stages import Stage, stage
from participation.views.shared import about

#: While it can be tried.
OPEN = {Stage.OPEN, Stage.CLOSING_SOON}


@signed_in
@require_safe
def invitation(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Where one's invitation stands, with the two buttons; who has none reads that."""
    round = access_invited_round(public_id)
    row = own_invitation(round, account.person)
    context: dict[str, Any] = {**about(round.engagement), "round": round, "build": round.build}
    if row is not None:
        context |= _standing(round, row)
    return render(request, "panel/invitation.html", context, status=200 if row else 404)


def _standing(round: Round, row: Invitation) -> dict[str, Any]:
    now = clock.now()
    taken_back = round.build.retired_at is not None
    return {
        "invitation": row,
        "waits": row.waits_at(now),
        "declinable": row.state in DECLINABLE and (row.state != "waiting" or row.waits_at(now)),
        "takes_part": row.state in TAKING_PART,
        "has_sessions": sessions_of(row.draw).filter(cancelled_at=None).exists(),
        "done": row.state == InvitationState.FINISHED,
        "device": DEVICES.get(device_of(row.seat.cell), ""),
        "is_open": not taken_back and stage(round.engagement, now) in OPEN,
        "taken_back": taken_back,
    }


@signed_in
@require_POST
def accept(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Take part."""
    _round, row = access_own_invitation(public_id, account.person)
    accept_invitation(invitation=row, person=account.person)
    return _back(public_id)


@signed_in
@require_POST
def decline(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Do not take part."""
    _round, row = access_own_invitation(public_id, account.person)
    decline_invitation(invitation=row, person=account.person)
    return _back(public_id)


def _back(public_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("panel:invitation", args=[public_id]))
