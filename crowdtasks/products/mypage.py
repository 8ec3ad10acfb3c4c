"""My page: the way to enter a claim code by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section


def claim_code(request: HttpRequest) -> dict[str, Any] | None:
    """For everybody who is signed in: a code may be from a visit on another machine."""
    return {} if current_account(request) is not None else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("products/my_page.html", claim_code, order=18)
