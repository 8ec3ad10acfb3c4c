"""What people are told about sessions, in the transaction that changes them; mails go after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.models import Account
from crowdtasks.panel.models import Booking, Session
from notifications.actions import notify


def _tell(kind: str, event_key: str, session: Session, bookings: Iterable[Booking]) -> int:
    engagement = session.draw.plan.round.engagement
    persons = [row.invitation.person_id for row in bookings if row.invitation.person_id]
    params: dict[str, Any] = {
        "title": engagement.title,
        "bureau": engagement.owner.name,
        "at": session.starts_at,
    }
    told = notify(
        kind=kind,
        event_key=event_key,
        to=Account.objects.filter(person__in=persons, is_active=True),
        params=params,
        path=reverse("panel:sessions", args=[engagement.public_id]),
    )
    return len(told)


def tell_moved_up(session: Session, booking: Booking) -> None:
    """A place came free, and is theirs now."""
    _tell("session-place", f"session-place:{booking.public_id}", session, [booking])


def tell_soon(session: Session, bookings: Iterable[Booking]) -> int:
    """It begins within a day; returns how many were told."""
    return _tell("session-soon", f"session-soon:{session.public_id}", session, bookings)


def tell_called_off(session: Session, bookings: Iterable[Booking]) -> None:
    """It does not take place."""
    _tell("session-off", f"session-off:{session.public_id}", session, bookings)
