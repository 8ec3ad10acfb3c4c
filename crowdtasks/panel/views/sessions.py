"""Sessions for who accepted: the list, booking, the waiting list, the calendar file."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from core.exceptions import Absent
from core.texts import known_language
from crowdtasks.panel.access import access_own_invitation, access_own_session, sessions_of
from crowdtasks.panel.actions.booking import book_session, cancel_booking
from crowdtasks.panel.calendar_feed import session_calendar
from crowdtasks.panel.models import Booking, Invitation
from crowdtasks.panel.states import BOOKING_HOLDS, TAKING_PART, BookingState
from participation.views.shared import about


def _lines(invitation: Invitation) -> list[dict[str, Any]]:
    """Each session with what is left of it and one's own booking."""
    now = clock.now()
    rows = sessions_of(invitation.draw).prefetch_related(
        Prefetch("bookings", queryset=Booking.objects.order_by("booked_at", "pk"))
    )
    found = []
    for row in rows:
        bookings = list(row.bookings.all())
        waiting = [one for one in bookings if one.state == BookingState.WAITING]
        own = next(
            (
                one
                for one in reversed(bookings)
                if one.invitation_id == invitation.pk and one.state != BookingState.CANCELLED
            ),
            None,
        )
        found.append(
            {
                "session": row,
                "left": row.places - sum(one.state in BOOKING_HOLDS for one in bookings),
                "booking": own,
                "number": waiting.index(own) + 1 if own in waiting else 0,
                "coming": row.is_coming(now),
            }
        )
    return found


@signed_in
@require_safe
def sessions(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """When and where, how many places are left, and the buttons."""
    round, invitation = access_own_invitation(public_id, account.person)
    if invitation.state not in TAKING_PART:
        return HttpResponseRedirect(reverse("panel:invitation", args=[public_id]))
    lines = _lines(invitation)
    return render(
        request,
        "panel/sessions.html",
        {
            **about(round.engagement),
            "lines": lines,
            "booked": any(one["booking"] is not None for one in lines),
            "invitation_path": reverse("panel:invitation", args=[public_id]),
        },
    )


@signed_in
@require_POST
def book(request: HttpRequest, account: Account, public_id: str, session_id: str) -> HttpResponse:
    """Take a place, or wait for one."""
    _round, invitation = access_own_invitation(public_id, account.person)
    row = access_own_session(session_id, invitation)
    book_session(session=row, invitation=invitation, person=account.person)
    return HttpResponseRedirect(reverse("panel:sessions", args=[public_id]))


@signed_in
@require_POST
def cancel(request: HttpRequest, account: Account, public_id: str, session_id: str) -> HttpResponse:
    """Give it back."""
    _round, invitation = access_own_invitation(public_id, account.person)
    row = access_own_session(session_id, invitation)
    booking = row.bookings.filter(invitation=invitation).order_by("-pk").first()
    if booking is None:
        raise Absent
    cancel_booking(booking=booking, person=account.person)
    return HttpResponseRedirect(reverse("panel:sessions", args=[public_id]))


@signed_in
@require_safe
def calendar(
    request: HttpRequest, account: Account, public_id: str, session_id: str
) -> HttpResponse:
    """One session for one's calendar."""
    _round, invitation = access_own_invitation(public_id, account.person)
    row = access_own_session(session_id, invitation)
    if not row.bookings.filter(invitation=invitation, state__in=BOOKING_HOLDS).exists():
        raise Absent
    content = session_calendar(
        row,
        url=request.build_absolute_uri(reverse("panel:sessions", args=[public_id])),
        language=known_language(get_language()),
        now=clock.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="session-{session_id}.ics"'
    return response
