"""A person's own ideas and drafts: what is exported, what closing an account takes away."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.models import Account
from accounts.persons import everything_of
from ideas.actions.drafts import erase_account, settle_merged
from ideas.models import Idea, IdeaDraft


def _ideas(account: Account) -> list[dict[str, Any]]:
    rows = (
        Idea.objects.filter(contribution__person__in=everything_of(account.person))
        .select_related("contribution", "engagement")
        .prefetch_related("versions__category")
        .order_by("pk")
    )
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.engagement.public_id,
            "status": row.status,
            "public": row.is_public,
            "received_at": row.received_at.isoformat(),
            "versions": [
                {
                    "number": version.number,
                    "at": version.at.isoformat(),
                    "title": version.title,
                    "text": version.text,
                    "category": version.category.name if version.category else None,
                    "tags": version.tags,
                    "district": version.district,
                    "place": version.place,
                }
                for version in row.versions.all()
            ],
        }
        for row in rows
    ]


def _drafts(account: Account) -> list[dict[str, Any]]:
    rows = IdeaDraft.objects.filter(person__in=everything_of(account.person))
    return [
        {
            "engagement": row.engagement.public_id,
            "title": row.title,
            "text": row.text,
            "begun_at": row.begun_at.isoformat(),
            "saved_at": row.saved_at.isoformat(),
        }
        for row in rows.select_related("engagement").order_by("pk")
    ]


def register() -> None:
    """Called from ``ready()``."""
    export.register_section("ideas", _("My ideas"), _ideas)
    export.register_section("idea_drafts", _("Ideas not handed in yet"), _drafts)
    closing.register("ideas", erase_account)
    merging.register("ideas", settle_merged)
