"""What becomes of the books when the demonstration is taken away: they are settled, and stand."""

from __future__ import annotations

from crowdtasks.ledger.actions import forfeit, return_rest
from crowdtasks.ledger.models import Entry, Leg, PointsAccount, Proposal
from participation import demo
from participation.models import Engagement


def settle(engagement: Engagement) -> None:
    """What nobody earned goes back to the budget it came from."""
    if PointsAccount.objects.filter(engagement=engagement).exists():
        return_rest(engagement=engagement, key=f"demo:{engagement.public_id}:rest")


def register() -> None:
    """Called from ``ready()``."""
    rows = (Entry, Leg, PointsAccount, Proposal)
    demo.keep("ledger", demo.Books(rows, settle, lambda person: forfeit(person=person)))
