"""A person's own ideas and drafts: what is exported, what closing an account takes away."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from ideas.actions.drafts import erase_account, settle_merged
from ideas.models import Idea, IdeaDraft, IdeaStatus, Screened
from ideas.reasons import sentence_of


def _ideas(account: Account) -> list[dict[str, Any]]:
    rows = (
        Idea.objects.filter(contribution__person__in=everything_of(account.person))
        .select_related("contribution", "engagement", "merged_into__contribution")
        .prefetch_related("versions__category", "screenings", "steps")
        .order_by("pk")
    )
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.engagement.public_id,
            "status": row.status,
            "screened": row.screened or None,
            "decisions": [
                {
                    "at": one.at.isoformat(),
                    "screened": one.verdict,
                    "ready_reason": str(sentence_of(one.reason)) or None,
                    "sentence": one.sentence or None,
                    "until": one.until.isoformat() if one.until else None,
                }
                for one in row.screenings.all()
            ],
            "steps": [
                {"at": one.at.isoformat(), "status": one.status, "sentence": one.sentence}
                for one in row.steps.all()
            ],
            "led_by": row.merged_into.contribution.public_id if row.merged_into else None,
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
    register_values("status", dict(IdeaStatus.choices))
    register_values("screened", dict(Screened.choices))
    export.register_section("ideas", _("My ideas"), _ideas)
    export.register_section("idea_drafts", _("Ideas not handed in yet"), _drafts)
    closing.register("ideas", erase_account)
    merging.register("ideas", settle_merged)
