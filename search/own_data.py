"""A person's saved searches: shown as own data, deleted with the account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export
from accounts.data_words import register_values
from accounts.models import Account
from search.actions.saving import erase_searches
from search.models import Every
from search.saved.access import own_searches
from search.saved.questions import filters_of


def _searches(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "id": row.public_id,
            "search_words": row.words,
            "path": f"/search/{filters_of(row.words, row.question.facets, row.sort).query()}",
            "search_every": row.every,
            "created_at": row.created_at.isoformat(),
            "told_at": row.told_at.isoformat() if row.told_at else None,
        }
        for row in own_searches(account).order_by("pk")
    ]


def _erase(*, account: Account, last: bool) -> None:
    """They hang on the account: with it they go, and questions that nobody else keeps."""
    erase_searches(None, account=account)


def register() -> None:
    """Called from ``ready()``."""
    register_values("search_every", dict(Every.choices))
    export.register_section("saved_searches", _("My saved searches"), _searches)
    closing.register("search", _erase)
