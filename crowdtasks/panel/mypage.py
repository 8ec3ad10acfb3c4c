"""My page: the way to volunteering. Asks the database nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.mypage import register_section


def volunteering(request: HttpRequest) -> dict[str, Any] | None:
    """A link that holds for everybody; what one said stands behind it."""
    return {}


def register() -> None:
    """Called from ``ready()``."""
    register_section("panel/my_page.html", volunteering, order=18)
