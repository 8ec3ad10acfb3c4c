"""My page: what I contributed and what I follow."""

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from core import clock
from participation import kinds
from participation.models import Contribution, Follow, Receipt
from participation.stages import stage
from participation.views.shared import page_of

#: My page shows the newest; all of it is in the data export.
MOST = 50


def contributions(request: HttpRequest) -> dict[str, Any] | None:
    """My entries with where each stands, and one line for my votes on each engagement."""
    account = current_account(request)
    if account is None:
        return None
    now = clock.now()
    rows = (
        Contribution.objects.filter(person=account.person)
        .select_related("engagement", "engagement__outcome", "receipt")
        .order_by("-received_at", "-pk")[: MOST + 1]
    )
    entries = [
        {
            "contribution": row,
            "what": kinds.title(row.kind),
            "engagement": row.engagement,
            "path": page_of(row.engagement),
            "stage": stage(row.engagement, now),
        }
        for row in rows
    ]
    votes = (
        Receipt.objects.filter(person=account.person, contribution=None)
        .select_related("engagement")
        .order_by("-created_at")[:MOST]
    )
    return {"entries": entries[:MOST], "more": len(entries) > MOST, "votes": votes}


def follows(request: HttpRequest) -> dict[str, Any] | None:
    """What I follow, each with the way to stop."""
    account = current_account(request)
    if account is None:
        return None
    rows = (
        Follow.objects.filter(account=account, ended_at=None)
        .select_related("engagement", "bureau")
        .order_by("-created_at", "-pk")[:MOST]
    )
    return {"follows": rows}


def register() -> None:
    """Called from ``ready()``."""
    register_section("participation/my_contributions.html", contributions, order=20)
    register_section("participation/my_follows.html", follows, order=40)
