"""My page: what I redeemed lately, and the way to the rewards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from crowdtasks.rewards.models import Redemption
from crowdtasks.rewards.policies import ways_for

MOST = 5


def my_rewards(request: HttpRequest) -> dict[str, Any] | None:
    """The newest redemptions; the way to the counter for officers, to the stock for managers."""
    account = current_account(request)
    if account is None:
        return None
    has_counter, manages_rewards = ways_for(account)
    return {
        "redemptions": list(Redemption.objects.of(account.person)[:MOST]),
        "has_counter": has_counter,
        "manages_rewards": manages_rewards,
    }


def register() -> None:
    """Called from ``ready()``."""
    register_section("rewards/my_rewards.html", my_rewards, order=13)
