"""My page: the tasks I have begun and those I have done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from accounts.persons import everything_of
from core import clock
from crowdtasks.models import Claim
from crowdtasks.states import ClaimState

MOST = 50


def my_tasks(request: HttpRequest) -> dict[str, Any] | None:
    """Places I hold with the time left, and what became of what I handed in."""
    account = current_account(request)
    if account is None:
        return None
    now = clock.now()
    rows = (
        Claim.objects.filter(
            person__in=everything_of(account.person), campaign__engagement__state="published"
        )
        .select_related("campaign__engagement", "contribution__receipt")
        .order_by("-claimed_at", "-pk")[:MOST]
    )
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
