"""A person's own tries, handed in or begun: what is exported. They go with their entries and
drafts when an account is closed or two persons turn out to be one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import export
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from crowdtasks.products.models import Attempt, Went


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


def register() -> None:
    """Called from ``ready()``."""
    register_values("went", dict(Went.choices))
    export.register_section("attempts", _("Builds I tried"), _attempts)
