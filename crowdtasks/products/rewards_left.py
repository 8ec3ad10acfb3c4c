"""How many rewards of a round are left: what pages say before anybody tries."""

from __future__ import annotations

from crowdtasks.products.models import Award, Round
from crowdtasks.products.models.award import TAKING


def rewards_left(row: Round) -> int | None:
    """None where there is no reward. One query."""
    if not row.reward:
        return None
    return max(0, row.most - Award.objects.filter(round=row, state__in=TAKING).count())
