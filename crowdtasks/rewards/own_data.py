"""A person's redemptions: exported without any code; kept for the books when an account goes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import export, merging
from accounts.data_words import register_values
from accounts.models import Account, Person
from accounts.persons import everything_of
from core import audit
from crowdtasks.rewards.models import Redemption, RedemptionState


def _redemptions(account: Account) -> list[dict[str, Any]]:
    rows = (
        Redemption.objects.filter(person__in=everything_of(account.person))
        .select_related("reward")
        .prefetch_related("showings")
        .order_by("pk")
    )
    return [
        {
            "id": row.public_id,
            "reward": row.reward.name,
            "points": row.points,
            "redemption_state": row.state,
            "redeemed_at": row.at.isoformat(),
            "collected_at": _iso(row.collected_at),
            "ended_at": _iso(row.ended_at),
            "reason": row.reason,
            "shown_at": [one.at.isoformat() for one in row.showings.all()],
        }
        for row in rows
    ]


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Redemptions of a person that turned out to be another one are that one's.

    Both may have had all that one person may: what they have stays theirs, and counts.
    """
    taken: dict[int, set[int]] = {}
    for row in Redemption.objects.filter(person=keep, slot__isnull=False):
        taken.setdefault(row.reward_id, set()).add(row.slot or 0)
    for row in Redemption.objects.select_for_update().filter(person=gone).order_by("pk"):
        if row.slot is not None:
            slots = taken.setdefault(row.reward_id, set())
            row.slot = next(one for one in range(1, len(slots) + 2) if one not in slots)
            slots.add(row.slot)
        row.person = keep
        row.save(update_fields=["person", "slot"])
        audit.record("reward.merge", actor=audit.SYSTEM, subject=row.public_id, rows=[row])


def register() -> None:
    """Called from ``ready()``."""
    register_values("redemption_state", dict(RedemptionState.choices))
    export.register_section("redemptions", _("What I redeemed"), _redemptions)
    merging.register("rewards", settle_merged)
