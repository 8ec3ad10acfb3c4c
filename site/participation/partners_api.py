"""How the API names the bodies that run an engagement with its owner."""

from __future__ import annotations

from typing import Any

from accounts.api import show_bureau
from participation.models import Engagement


def show_partners(engagement: Engagement) -> list[dict[str, Any]]:
    """In the order of government; for lists prefetch ``partners``, it is sorted here."""
    rows = sorted(engagement.partners.all(), key=lambda row: (row.sort_order, row.code))
    return [show_bureau(row) for row in rows]
