"""My page: what I can spend, with the way to the statement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from crowdtasks.ledger.models import PointsAccount
from crowdtasks.ledger.policies import can_keep_books
from crowdtasks.ledger.reading import balance_of


def my_points(request: HttpRequest) -> dict[str, Any] | None:
    """Shown to whoever ever had points, and to administrators, who keep the books."""
    account = current_account(request)
    if account is None:
        return None
    keeps = can_keep_books(account)
    has = PointsAccount.objects.filter(person=account.person).exists()
    if not (has or keeps):
        return None
    return {"balance": balance_of(account.person) if has else None, "keeps": keeps}


def register() -> None:
    """Called from ``ready()``."""
    register_section("ledger/parts/my-page.html", my_points, order=17)
