"""A person's own parts in tasks: what is exported, what a merge and a closed account do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from crowdtasks import integrity
from crowdtasks.actions.settling import erase_account, settle_merged
from crowdtasks.models import Claim, Verdict
from crowdtasks.states import ClaimState


def _tasks(account: Account) -> list[dict[str, Any]]:
    rows = (
        Claim.objects.filter(person__in=everything_of(account.person))
        .select_related("campaign__engagement", "contribution", "appeal")
        .prefetch_related("reviews")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "engagement": row.campaign.engagement.public_id,
            "task_state": row.state,
            "claimed_at": row.claimed_at.isoformat(),
            "until": row.expires_at.isoformat() if row.expires_at else None,
            "finished_at": row.finished_at.isoformat() if row.finished_at else None,
            "response": row.contribution.public_id if row.contribution else None,
            "seconds": row.seconds,
            "points": row.points or None,
            "looked_at_because": [str(words) for words in integrity.names(row.flags)],
            "decisions": [
                {"at": one.at.isoformat(), "task_verdict": one.verdict, "reason": one.reason}
                for one in row.reviews.all()
            ],
            "appeal": row.appeal.text if hasattr(row, "appeal") else None,
        }
        for row in rows
    ]


def register() -> None:
    """Called from ``ready()``."""
    register_values("task_state", dict(ClaimState.choices))
    register_values("task_verdict", dict(Verdict.choices))
    export.register_section("tasks", _("Tasks I took part in"), _tasks)
    # Before "points": what was earned twice is taken back while it is still who earned it’s.
    merging.register("claims", settle_merged)
    closing.register("tasks", erase_account)
