"""The part of my page that says what is new."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from notifications.access import access_notices
from notifications.listing import shown

LATEST = 5


def section(request: HttpRequest) -> dict[str, Any] | None:
    """The latest notices and how many are new; None for nobody."""
    account = current_account(request)
    if account is None:
        return None
    mine = access_notices(account)
    return {
        "notices": shown(mine[:LATEST]),
        "unread": mine.filter(read_at__isnull=True).count(),
    }


def register() -> None:
    """Put the part on my page."""
    register_section("notifications/mypage.html", section, order=10)
