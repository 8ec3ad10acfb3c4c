"""My page: what I can spend, with the way to the statement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from crowdtasks.ledger.models import PointsAccount
from crowdtasks.ledger.reading import balance_of


def my_points(request: HttpRequest) -> dict[str, Any] | None:
    """Shown to whoever ever had points."""
    account = current_account(request)
    if account is None or not PointsAccount.objects.filter(person=account.person).exists():
        return None
    return {"balance": balance_of(account.person)}


def register() -> None:
    """Called from ``ready()``."""
    register_section("ledger/parts/my-page.html", my_points, order=17)
