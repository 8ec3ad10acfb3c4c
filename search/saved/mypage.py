"""My page: the way to the searches one keeps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section


def _section(request: HttpRequest) -> dict[str, Any] | None:
    """No query: a link that holds for everybody who is signed in. None for nobody."""
    return {} if current_account(request) is not None else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("search/saved/my_page.html", _section, order=45)
