"""Sessions at the officer's desk: offered, called off, who came, what was seen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from core import clock
from core.exceptions import Absent
from core.form_pages import form_page
from crowdtasks.findings.models import Severity
from crowdtasks.panel.access import (
    access_booking,
    access_observation,
    access_session,
    plan_of,
    sessions_of,
)
from crowdtasks.panel.actions.noting import make_finding
from crowdtasks.panel.actions.sessions import (
    add_observation,
    add_session,
    call_off,
    mark_attendance,
)
from crowdtasks.panel.forms.session import ObservationForm, SessionForm
from crowdtasks.panel.models import Draw
from crowdtasks.panel.states import BOOKING_HOLDS, BookingState
from crowdtasks.panel.views.desk import METHODS, at_desk
from crowdtasks.products.models import Round
from participation.views.shared import about, language


def _draw_of(round: Round) -> Draw:
    plan = plan_of(round)
    draw: Draw | None = getattr(plan, "draw", None)
    if plan is None or draw is None:
        raise Absent
    draw.plan = plan
    return draw


def _to(round: Round, name: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"panel:{name}", args=[round.engagement.public_id, *args]))


@require_http_methods(METHODS)
@at_desk
def sessions(request: HttpRequest, round: Round, account: Account) -> HttpResponseBase:
    """All sessions of the round, and the form of another."""
    draw = _draw_of(round)

    def act(form: SessionForm) -> HttpResponse:
        add_session(draw=draw, language=language(), account=account, **form.details)
        return _to(round, "session_list")

    rows = sessions_of(draw).prefetch_related("bookings")
    return form_page(
        request,
        "panel/desk/sessions.html",
        SessionForm,
        act=act,
        form_id="session",
        initial={"minutes": 60, "places": 6},
        context={
            **about(round.engagement),
            "desk_path": reverse("panel:desk", args=[round.engagement.public_id]),
            "lines": [
                {
                    "session": row,
                    "taken": sum(one.state in BOOKING_HOLDS for one in row.bookings.all()),
                    "waiting": sum(one.state == BookingState.WAITING for one in row.bookings.all()),
                }
                for row in rows
            ],
        },
    )


@require_http_methods(METHODS)
@at_desk
def session(
    request: HttpRequest, round: Round, account: Account, session_id: str
) -> HttpResponseBase:
    """One session: who has a place (by number, without a name), who came, what was seen."""
    row = access_session(session_id, _draw_of(round))
    now = clock.now()

    def act(form: ObservationForm) -> HttpResponse:
        add_observation(
            session=row, text=form.cleaned_data["text"], language=language(), account=account
        )
        return _to(round, "session", row.public_id)

    bookings = list(row.bookings.order_by("chair__number", "booked_at", "pk"))
    context: dict[str, Any] = {
        **about(round.engagement),
        "session": row,
        "holding": [one for one in bookings if one.state in BOOKING_HOLDS],
        "waiting": [one for one in bookings if one.state == BookingState.WAITING],
        "observations": list(row.observations.select_related("finding__contribution")),
        "severities": Severity.choices,
        "coming": row.is_coming(now),
        "begun": row.cancelled_at is None and now >= row.starts_at,
        "list_path": reverse("panel:session_list", args=[round.engagement.public_id]),
    }
    return form_page(
        request,
        "panel/desk/session.html",
        ObservationForm,
        act=act,
        form_id="observation",
        context=context,
    )


@require_POST
@at_desk
def off(request: HttpRequest, round: Round, account: Account, session_id: str) -> HttpResponseBase:
    """Call it off."""
    call_off(session=access_session(session_id, _draw_of(round)), account=account)
    return _to(round, "session", session_id)


@require_POST
@at_desk
def attendance(
    request: HttpRequest, round: Round, account: Account, session_id: str, booking_id: str
) -> HttpResponseBase:
    """Note whether somebody came."""
    row = access_session(session_id, _draw_of(round))
    booking = access_booking(booking_id, row)
    mark_attendance(booking=booking, came=request.POST.get("came") == "yes", account=account)
    return _to(round, "session", session_id)


@require_POST
@at_desk
def finding(
    request: HttpRequest, round: Round, account: Account, session_id: str, observation_id: str
) -> HttpResponseBase:
    """Make a finding of what was seen."""
    row = access_session(session_id, _draw_of(round))
    make_finding(
        observation=access_observation(observation_id, row),
        severity=request.POST.get("severity", ""),
        account=account,
    )
    return _to(round, "session", session_id)
