"""Who may see what is looked for."""

from __future__ import annotations

from accounts.models import Account
from accounts.policies import is_administrator


def can_see_searches(account: Account | None) -> bool:
    """What is searched for, found and opened, and why a hit stands where it does."""
    return is_administrator(account)
