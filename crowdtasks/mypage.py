"""My page: the tasks I have begun and those I have done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from core import clock
from crowdtasks.access import claims_of
from crowdtasks.states import ClaimState

MOST = 50


def my_tasks(request: HttpRequest) -> dict[str, Any] | None:
    """Places I hold with the time left, and what became of what I handed in."""
    account = current_account(request)
    if account is None:
        return None
    now = clock.now()
    rows = claims_of(account.person)[:MOST]
    tasks = [
        {
            "claim": row,
            "engagement": row.campaign.engagement,
            "holds": row.holds_at(now),
            "over": row.state == ClaimState.EXPIRED
            or (row.state == ClaimState.LIVE and not row.holds_at(now)),
        }
        for row in rows
    ]
    return {"tasks": tasks} if tasks else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("crowdtasks/my_tasks.html", my_tasks, order=16)
