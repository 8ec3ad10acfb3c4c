"""Every fetch of a saved search at an edge; somebody else's and none look the same."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account
from core.exceptions import Absent
from core.ids import is_public_id
from search.models import SavedSearch


def own_searches(account: Account) -> QuerySet[SavedSearch]:
    """What the account keeps, the newest first."""
    rows = SavedSearch.objects.filter(account=account).select_related("question")
    return rows.order_by("-created_at", "-pk")


def access_saved_search(public_id: str, *, by: Account) -> SavedSearch:
    """One of the account's own. Raises ``Absent``."""
    row = own_searches(by).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_notices_of(token: str) -> SavedSearch:
    """The saved search whose mailed link ends its notices. Raises ``Absent``."""
    rows = SavedSearch.objects.select_related("question").filter(token=token)
    # PostgreSQL refuses a NUL, which an address may hold.
    row = rows.first() if token.isalnum() else None
    if row is None:
        raise Absent
    return row
