"""A person's own part in the panel: what is exported, what a merge and a closed account do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from crowdtasks.panel.actions.keeping import erase_account, settle_merged
from crowdtasks.panel.cells import words_of
from crowdtasks.panel.facets import AGES, ASSISTIVE, DEVICES, DISTRICTS, LANGUAGES
from crowdtasks.panel.models import Booking, Invitation, SessionKind, Volunteer
from crowdtasks.panel.states import BookingState, InvitationState


def _volunteer(account: Account) -> list[dict[str, Any]]:
    rows = Volunteer.objects.filter(person__in=everything_of(account.person)).order_by("pk")
    return [
        {
            "id": row.public_id,
            "volunteer_age": row.age,
            "volunteer_devices": row.devices,
            "volunteer_district": row.district,
            "volunteer_languages": row.languages,
            "volunteer_assistive": row.assistive,
            "joined_at": row.joined_at.isoformat(),
            "saved_at": row.saved_at.isoformat(),
            "told_at": row.told_at.isoformat() if row.told_at else None,
            "kept_until": row.kept_until.isoformat(),
        }
        for row in rows
    ]


def _invitations(account: Account) -> list[dict[str, Any]]:
    rows = (
        Invitation.objects.filter(person__in=everything_of(account.person))
        .select_related("draw__plan__round__engagement", "seat")
        .prefetch_related("bookings__session")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "engagement": row.draw.plan.round.engagement.public_id,
            "round_quota": words_of(row.seat.cell),
            "invitation_state": row.state,
            "invited_at": row.invited_at.isoformat(),
            "until": row.expires_at.isoformat(),
            "accepted_at": _iso(row.accepted_at),
            "begun_at": _iso(row.started_at),
            "finished_at": _iso(row.finished_at),
            "ended_at": _iso(row.ended_at),
            "round_sessions": [_session(one) for one in row.bookings.all()],
        }
        for row in rows
    ]


def _session(row: Booking) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "session_kind": row.session.kind,
        "session_begins_at": row.session.starts_at.isoformat(),
        "booking_state": row.state,
        "booked_at": row.booked_at.isoformat(),
        "moved_up_at": _iso(row.moved_up_at),
        "ended_at": _iso(row.ended_at),
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def register() -> None:
    """Called from ``ready()``."""
    register_values("invitation_state", dict(InvitationState.choices))
    export.register_section("round_invitations", _("Rounds I was invited to"), _invitations)
    register_values("volunteer_age", AGES)
    register_values("volunteer_devices", DEVICES)
    register_values("volunteer_district", DISTRICTS)
    register_values("volunteer_languages", LANGUAGES)
    register_values("volunteer_assistive", ASSISTIVE)
    export.register_section("volunteer", _("What I said as a volunteer"), _volunteer)
    register_values("session_kind", dict(SessionKind.choices))
    register_values("booking_state", dict(BookingState.choices))
    merging.register("panel", settle_merged)
    closing.register("panel", erase_account)
