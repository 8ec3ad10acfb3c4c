"""One person's two parts in one task, each taken with another account: which one stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from crowdtasks.actions.giving import is_held, take_back
from crowdtasks.models import Part

AnyPart = TypeVar("AnyPart", bound=Part)


def end_doubled(parts: Sequence[AnyPart]) -> list[AnyPart]:
    """Take back what a merged person earned twice; returns the parts that do not stand any more.

    One reward is for one person. Of two parts in one task stands what has been paid, since paid
    points may be spent; then what was handed in, before what was only begun; then the earlier.
    Points of the other that are still held go back. Points of the other that were paid too stay:
    the part then keeps ``points``, and must keep its place, or one place would be paid for twice.

    The caller writes the states, in the transaction of the merge, before the ledger moves holds.
    """
    paid = {part.pk: bool(part.points) and not is_held(part) for part in parts}

    def rank(part: AnyPart) -> tuple[int, bool, bool, dt.datetime, int]:
        # By engagement first: escrows are then locked in one order, whoever is merged.
        at = part.finished_at or part.claimed_at
        return (part.engagement.pk, not paid[part.pk], part.finished_at is None, at, part.pk)

    standing: set[int] = set()
    over: list[AnyPart] = []
    for part in sorted(parts, key=rank):
        if part.engagement.pk in standing:
            over.append(part)
            if not paid[part.pk]:
                take_back(part, _("It was earned already, with another account."))
        standing.add(part.engagement.pk)
    return over
