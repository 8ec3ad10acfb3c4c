"""A person's own tries and their rewards: what is exported. Tries go with their entries and drafts
when an account is closed or two persons turn out to be one; rewards are settled then."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from crowdtasks import integrity
from crowdtasks.products.actions.settling import erase_account, settle_merged
from crowdtasks.products.models import Attempt, Award, AwardState, Went


def _attempts(account: Account) -> list[dict[str, Any]]:
    persons = everything_of(account.person)
    rows = (
        Attempt.objects.filter(Q(contribution__person__in=persons) | Q(draft__person__in=persons))
        .select_related("round__engagement", "round__build", "contribution")
        .prefetch_related("results__step")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "engagement": row.round.engagement.public_id,
            "build": row.round.build.version,
            "response": row.contribution.public_id if row.contribution else None,
            "begun_at": row.begun_at.isoformat(),
            "finished_at": row.finished_at.isoformat() if row.finished_at else None,
            "tried_steps": [
                {
                    "step": one.step.title,
                    "went": one.went or None,
                    "seconds": one.seconds,
                    "difficulty": one.difficulty,
                }
                for one in row.results.all()
            ],
        }
        for row in rows
    ]


def _awards(account: Account) -> list[dict[str, Any]]:
    rows = (
        Award.objects.filter(person__in=everything_of(account.person))
        .select_related("round__engagement", "contribution", "appeal")
        .prefetch_related("reviews")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "engagement": row.round.engagement.public_id,
            "award_state": row.state,
            "response": row.contribution.public_id,
            "finished_at": row.finished_at.isoformat(),
            "reward_claimed_at": row.claimed_at.isoformat() if row.claimed_at else None,
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
    register_values("award_state", dict(AwardState.choices))
    export.register_section("awards", _("Rewards of builds I tried"), _awards)
    # Before "points": see the campaigns’ one.
    merging.register("awards", settle_merged)
    closing.register("awards", erase_account)
    register_values("went", dict(Went.choices))
    export.register_section("attempts", _("Builds I tried"), _attempts)
