"""Figures of an outcome: what was received on a target, counted at one instant.

Counts of the register may be told at any time; results (votes, answers) only when they are not
sealed. While they are, the figures say so, and are counted when the outcome is published.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, Q

from participation import kinds, outcome_targets
from participation.models import Contribution, Engagement, OutcomeItem
from participation.policies import can_see_results


def _row(
    key: str, value: int, of: int | None = None, label: Any = None, about: str = ""
) -> dict[str, Any]:
    row = {"key": key, "value": value, "of": of, "label": dict(label or {})}
    return {**row, "about": about} if about else row


def pull(
    engagement: Engagement, kind: str, key: str, now: dt.datetime, *, published: bool = False
) -> dict[str, Any]:
    """The figures of a target as an item keeps them; two queries and what the room asks.

    ``published`` counts results as they are seen the moment the outcome is public.
    """
    target = outcome_targets.find(kind)
    rows = _register(engagement, target.entries(key) if target else Q())
    sealed = not published and not can_see_results(engagement=engagement, now=now).allowed
    results = target.figures(engagement, key) if target is not None and not sealed else []
    if outcome_targets.has_results(kind) and not rows[0]["value"]:
        # A seed statement is voted on, nobody writes on it: no row of noughts.
        rows = []
    rows += [_row(one.key, one.value, one.of, one.label, one.about) for one in results]
    return {"as_at": now.isoformat(timespec="seconds"), "rows": rows, "sealed": sealed}


def _register(engagement: Engagement, entries: Q) -> list[dict[str, Any]]:
    counted = (
        Contribution.objects.filter(entries, engagement=engagement)
        .by_citizens()
        .order_by()
        .values_list("kind", "state")
        .annotate(number=Count("pk", distinct=True))
    )
    total, public, by_kind = 0, 0, dict.fromkeys(kinds.names(), 0)
    for kind, state, number in counted:
        total += number
        by_kind[kind] += number
        if state == "published":
            public += number
    rows = [_row("received", total), _row("published", public, total)]
    found = {kind: number for kind, number in by_kind.items() if number}
    if len(found) > 1:
        rows += [_row(kinds.find(kind).plural, number, total) for kind, number in found.items()]
    return rows


def fill_sealed(item: OutcomeItem, engagement: Engagement, now: dt.datetime) -> bool:
    """Count the results that were sealed while it was written; whether anything changed."""
    if not item.figures.get("sealed"):
        return False
    item.figures = pull(engagement, item.target_kind, item.target_key, now, published=True)
    return True
