"""My page: the newest invitations to rounds, and the way to volunteering."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from core import clock
from crowdtasks.panel.access import own_invitations
from crowdtasks.panel.states import TAKING_PART, InvitationState

MOST = 5


def volunteering(request: HttpRequest) -> dict[str, Any] | None:
    """Where the newest invitations stand, by one query; a link that holds for everybody."""
    account = current_account(request)
    if account is None:
        return {}
    now = clock.now()
    rows = own_invitations(account.person).filter(draw__plan__round__engagement__state="published")
    invitations = []
    for row in rows[:MOST]:
        state = InvitationState(row.state)
        if state == InvitationState.WAITING and not row.waits_at(now):
            # It is over at its instant, noted or not.
            state = InvitationState.EXPIRED
        invitations.append(
            {
                "engagement": row.draw.plan.round.engagement,
                "state": state.label,
                "waits_until": row.expires_at if state == InvitationState.WAITING else None,
                "takes_part": state in TAKING_PART,
            }
        )
    return {"invitations": invitations}


def register() -> None:
    """Called from ``ready()``."""
    register_section("panel/my_page.html", volunteering, order=18)
