"""My page: what I found, and what became of the newest."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from crowdtasks.findings.access import findings_of

MOST = 5


def my_findings(request: HttpRequest) -> dict[str, Any] | None:
    """The newest few; all of them have a page."""
    account = current_account(request)
    if account is None:
        return None
    rows = list(findings_of(account.person)[: MOST + 1])
    return {"findings": rows[:MOST], "more": len(rows) > MOST} if rows else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("findings/my_findings.html", my_findings, order=17)
