"""My page and my points: tries I have begun, and the way to enter a claim code by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import current_account
from accounts.mypage import register_section
from core import clock
from crowdtasks.ledger.naming import register_source
from crowdtasks.products.access import begun_by

#: Rounds open at once are few; more tries than this nobody has begun.
MOST = 20


def begun(request: HttpRequest) -> dict[str, Any] | None:
    """The tries I have begun and can still hand in, by one query; nothing where there are none."""
    account = current_account(request)
    if account is None:
        return None
    tries = begun_by(account.person, clock.now()).prefetch_related(None)[:MOST]
    rounds = [
        {"engagement": one.round.engagement, "until": one.round.engagement.closes_at}
        for one in tries
    ]
    return {"rounds": rounds} if rounds else None


def claim_code(request: HttpRequest) -> dict[str, Any] | None:
    """For everybody who is signed in: a code may be from a visit on another machine."""
    return {} if current_account(request) is not None else None


def register() -> None:
    """Called from ``ready()``."""
    register_section("products/my_tries.html", begun, order=16)
    register_section("products/my_page.html", claim_code, order=18)
    register_source("products:claim_code", _("Enter a claim code"))
