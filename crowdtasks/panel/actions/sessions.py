"""Sessions as officers set them up: written, called off, who came, what was seen."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.each import each
from core.exceptions import Closed, Invalid
from core.text import clean_text
from core.texts import known_language
from crowdtasks.panel import rules
from crowdtasks.panel.actions.telling_sessions import tell_called_off, tell_soon
from crowdtasks.panel.models import Booking, Chair, Draw, Observation, Session, SessionKind
from crowdtasks.panel.policies import require_officer
from crowdtasks.panel.states import BOOKING_ENDABLE, BOOKING_HOLDS, BookingState
from crowdtasks.products.links import check_link


@transaction.atomic
def add_session(
    *,
    draw: Draw,
    kind: str,
    starts_at: dt.datetime,
    minutes: int,
    places: int,
    where: str,
    link: str,
    note: str,
    language: str,
    account: Account,
) -> Session:
    """Offer a session to who accepted. Raises Invalid (its fields), Refused, TooMany."""
    limits.spend("desk_write", account.public_id)
    require_officer(account, draw.plan.round.engagement)
    if kind not in SessionKind.values:
        raise Invalid(_("Choose what people come to."), field="kind")
    if starts_at <= clock.now():
        raise Invalid(_("Choose a time that is still to come."), field="day")
    if not rules.LEAST_MINUTES <= minutes <= rules.MOST_MINUTES:
        raise Invalid(
            _("A session takes from %(least)d to %(most)d minutes.")
            % {"least": rules.LEAST_MINUTES, "most": rules.MOST_MINUTES},
            field="minutes",
        )
    if not 1 <= places <= rules.MOST_CHAIRS:
        raise Invalid(
            _("A session has from 1 to %(most)d places.") % {"most": rules.MOST_CHAIRS},
            field="places",
        )
    row = Session(
        draw=draw,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        places=places,
        where=clean_text(where, max_length=rules.WHERE_LENGTH, field="where", required=False),
        note=clean_text(note, max_length=rules.NOTE_LENGTH, field="note", required=False),
        link=check_link(link, field="link") if link.strip() else "",
        language=known_language(language),
    )
    if not row.where and not row.link:
        raise Invalid(_("Say where it is: a place or a link."), field="where")
    row.save()
    Chair.objects.bulk_create(Chair(session=row, number=number) for number in range(1, places + 1))
    _record(row, "session.add", account)
    return row


def _record(row: Session, verb: str, actor: object, *more: Booking | Observation) -> None:
    audit.record(
        verb,
        actor=actor,
        engagement_id=row.draw.plan.round.engagement.public_id,
        subject=row.public_id,
        rows=[row, *more],
    )


def lock_session(session: Session) -> Session:
    """The session with its round, locked: bookings of one session come in turn."""
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related("draw__plan__round__engagement__owner")
        .get(pk=session.pk)
    )


@transaction.atomic
def call_off(*, session: Session, account: Account) -> Session:
    """Call a session off and tell who had booked or waited. Raises Closed, Refused, TooMany."""
    limits.spend("desk_step", account.public_id)
    require_officer(account, session.draw.plan.round.engagement)
    row = lock_session(session)
    now = clock.now()
    if not row.is_coming(now):
        raise Closed(_("It has begun or was called off already."), code="over")
    ended = list(
        Booking.objects.select_for_update(of=("self",))
        .select_related("invitation")
        .filter(session=row, state__in=BOOKING_ENDABLE)
    )
    for booking in ended:
        booking.state, booking.chair, booking.ended_at = BookingState.CANCELLED, None, now
        booking.save(update_fields=["state", "chair", "ended_at"])
    row.cancelled_at = now
    row.save(update_fields=["cancelled_at"])
    _record(row, "session.call-off", account, *ended)
    tell_called_off(row, ended)
    return row


@transaction.atomic
def mark_attendance(*, booking: Booking, came: bool, account: Account) -> Booking:
    """Note whether who had booked came; it can be corrected.

    Raises Closed before it begins and for who had no place, Refused, TooMany.
    """
    limits.spend("desk_write", account.public_id)
    require_officer(account, booking.session.draw.plan.round.engagement)
    session = lock_session(booking.session)
    row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if clock.now() < session.starts_at or session.cancelled_at is not None:
        raise Closed(_("Who came can be noted once it has begun."), code="early")
    if row.state not in BOOKING_HOLDS:
        raise Closed(_("This booking has ended."), code="ended")
    row.state = BookingState.CAME if came else BookingState.MISSED
    row.save(update_fields=["state"])
    _record(session, "session.attendance", account, row)
    return row


@transaction.atomic
def add_observation(*, session: Session, text: str, language: str, account: Account) -> Observation:
    """Keep what was seen. Raises Invalid (field 'text'), Refused, TooMany."""
    limits.spend("desk_write", account.public_id)
    require_officer(account, session.draw.plan.round.engagement)
    row = Observation(
        session=session,
        text=clean_text(text, max_length=rules.OBSERVATION_LENGTH, field="text"),
        language=known_language(language),
        at=clock.now(),
        by=account,
    )
    row.save()
    _record(session, "session.observe", account, row)
    return row


def remind(*, limit: int = 100) -> int:
    """Remind who has a place of a session that begins within ``rules.REMINDED``; how many."""
    now = clock.now()
    soon = Session.objects.filter(
        reminded_at=None,
        cancelled_at=None,
        starts_at__gt=now,
        starts_at__lte=now + rules.REMINDED,
    )
    return sum(each(soon.order_by("starts_at")[:limit], _remind))


@transaction.atomic
def _remind(found: Session) -> int:
    now = clock.now()
    row = lock_session(found)
    if row.reminded_at is not None or not row.is_coming(now):
        return 0
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    booked = row.bookings.filter(state=BookingState.BOOKED).select_related("invitation")
    return tell_soon(row, list(booked))
