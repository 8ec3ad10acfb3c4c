"""A person's own points: what is exported, what closing and merging settle."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import closing, export, merging
from accounts.data_words import register_values
from accounts.models import Account
from crowdtasks.ledger.actions.persons import forfeit, merge
from crowdtasks.ledger.models import EntryKind
from crowdtasks.ledger.reading import balance_of, holds_of, whole_statement


def _points(account: Account) -> dict[str, Any]:
    """Balance, what is held and every line, those of persons that were merged too."""
    balance = balance_of(account.person)
    lines = list(whole_statement(account.person))
    if not lines:
        return {}
    return {
        "points_available": balance.available,
        "points_pending": balance.pending,
        "points_held": [
            {
                "points": hold.points,
                "until": hold.until.isoformat() if hold.until else None,
                "points_reviewed": hold.review,
            }
            for hold in holds_of(account.person)
        ],
        "points_lines": [
            {
                "id": line.entry.public_id,
                "at": line.entry.at.isoformat(),
                "points_entry": line.entry.kind,
                "engagement": line.entry.engagement.public_id if line.entry.engagement else None,
                "points_spent_on": line.title or None,
                "points_to_available": line.available,
                "points_to_pending": line.pending,
                "points_left": line.left,
                "reason": line.entry.reason or None,
            }
            for line in lines
        ],
    }


def erase_account(*, account: Account, last: bool) -> None:
    """With the last account of a person its points are given up."""
    if last:
        forfeit(person=account.person, by=account)


def register() -> None:
    """Called from ``ready()``."""
    register_values("points_entry", dict(EntryKind.choices))
    export.register_section("points", _("My points"), _points)
    closing.register("points", erase_account)
    merging.register("points", merge)
