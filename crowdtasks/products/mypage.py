"""My page and my points: the way to enter a claim code by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import current_account
from accounts.mypage import register_section
from crowdtasks.ledger.naming import register_source


def claim_code(request: HttpRequest) -> dict[str, Any] | None:
    """For everybody who is signed in: a code may be from a visit on another machine."""
    return {} if current_account(request) is not None else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("products/my_page.html", claim_code, order=18)
    register_source("products:claim_code", _("Enter a claim code"))
