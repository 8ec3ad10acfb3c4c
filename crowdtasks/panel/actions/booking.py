"""Booking a place in a session, waiting for one, giving it back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from core import audit, clock, limits
from core.exceptions import Closed, Conflict, Refused
from crowdtasks.panel.actions.sessions import lock_session
from crowdtasks.panel.actions.telling_sessions import tell_moved_up
from crowdtasks.panel.models import Booking, Chair, Invitation, Session
from crowdtasks.panel.states import (
    BOOKING_ENDABLE,
    BOOKING_HOLDS,
    BOOKING_STANDS,
    TAKING_PART,
    BookingState,
)


@transaction.atomic
def book_session(*, session: Session, invitation: Invitation, person: Person) -> Booking:
    """Take a place, or the end of the waiting list where all are taken; again gives the same.

    Raises Refused for who has not accepted, Conflict for who has booked another session of the
    round, Closed once it began or was called off, TooMany.
    """
    limits.spend("answer_invitation", person.public_id)
    # In the order in which declining locks them.
    invited = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row = lock_session(session)
    if invited.state not in TAKING_PART or invited.draw_id != row.draw_id:
        raise Refused(_("Sessions are for who accepted the invitation."), code="accept_first")
    now = clock.now()
    if not row.is_coming(now):
        raise Closed(_("This session can no longer be booked."), code="over")
    standing = Booking.objects.filter(invitation=invited, state__in=BOOKING_STANDS).first()
    if standing is not None:
        if standing.session_id == row.pk:
            return standing
        raise Conflict(
            _("You have booked another session. Cancel it first."), code="another_session"
        )
    chair = _free_chair(row)
    booking = Booking(
        session=row,
        invitation=invited,
        chair=chair,
        state=BookingState.BOOKED if chair else BookingState.WAITING,
        booked_at=now,
    )
    booking.save()
    _record(booking, "session.book", person)
    return booking


def _free_chair(session: Session) -> Chair | None:
    held = Booking.objects.filter(session=session, state__in=BOOKING_HOLDS).values("chair")
    return Chair.objects.filter(session=session).exclude(pk__in=held).first()


def _record(booking: Booking, verb: str, actor: object) -> None:
    audit.record(
        verb,
        actor=actor,
        engagement_id=booking.session.draw.plan.round.engagement.public_id,
        subject=booking.public_id,
        rows=[booking],
    )


@transaction.atomic
def cancel_booking(*, booking: Booking, person: Person) -> Booking:
    """Give the place back; the first who waits moves up and is told. A second press changes
    nothing. Raises Closed once the session began, TooMany."""
    limits.spend("answer_invitation", person.public_id)
    session = lock_session(booking.session)
    row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if row.state == BookingState.CANCELLED:
        return row
    if not session.is_coming(clock.now()):
        raise Closed(_("It has begun: the booking can no longer be cancelled."), code="over")
    _end(session, row, person)
    return row


def _end(session: Session, row: Booking, actor: object) -> None:
    chair, row.chair = row.chair, None
    row.state, row.ended_at = BookingState.CANCELLED, clock.now()
    row.save(update_fields=["state", "chair", "ended_at"])
    row.session = session
    _record(row, "session.cancel", actor)
    if chair is not None:
        _move_up(session, chair)


def _move_up(session: Session, chair: Chair) -> None:
    """Give a chair that came free to who has waited longest."""
    first = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("invitation")
        .filter(session=session, state=BookingState.WAITING)
        .order_by("booked_at", "pk")
        .first()
    )
    if first is None:
        return
    first.session = session
    first.chair, first.state, first.moved_up_at = chair, BookingState.BOOKED, clock.now()
    first.save(update_fields=["chair", "state", "moved_up_at"])
    _record(first, "session.move-up", audit.SYSTEM)
    tell_moved_up(session, first)


def cancel_bookings_of(invitation: Invitation, actor: object) -> None:
    """Whoever declines after all comes to no session; called in that transaction.

    Of a session that has begun the booking stands: whether they came is noted.
    """
    for found in Booking.objects.filter(invitation=invitation, state__in=BOOKING_ENDABLE):
        session = lock_session(found.session)
        row = Booking.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if row.state in BOOKING_ENDABLE and session.is_coming(clock.now()):
            _end(session, row, actor)
