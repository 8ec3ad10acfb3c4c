"""My page: the newest of the searches one keeps, and the way to all of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import current_account
from accounts.mypage import register_section
from search.saved.access import own_searches
from search.saved.questions import filters_of

NEWEST = 3


def _section(request: HttpRequest) -> dict[str, Any] | None:
    """One query. None for nobody."""
    account = current_account(request)
    if account is None:
        return None
    rows = own_searches(account)[:NEWEST]
    return {
        "searches": [
            {
                "words": row.words,
                "query": filters_of(row.words, row.question.facets, row.sort).query(),
            }
            for row in rows
        ]
    }


def register() -> None:
    """Called from ``ready()``."""
    register_section("search/saved/my_page.html", _section, order=45)
