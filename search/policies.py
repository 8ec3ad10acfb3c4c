"""Who may do what with search."""

from __future__ import annotations

from accounts.models import Account
from accounts.policies import is_administrator
from core.exceptions import Refused


def can_keep_synonyms(account: Account | None) -> bool:
    """The table of words for the same thing: administrators."""
    return is_administrator(account)


def require_keeper(account: Account | None) -> None:
    """Raises ``Refused``."""
    if not can_keep_synonyms(account):
        raise Refused
