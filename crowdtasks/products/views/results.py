"""A round in figures, and compared with the round before it: open to whom its results are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, page_cache
from crowdtasks.products import audience
from crowdtasks.products.access import access_round
from crowdtasks.products.figures import compare, earlier_of, figures_of, usability_difference
from participation import live
from participation.policies import can_see_results
from participation.stages import midnight_after
from participation.views.shared import about, cannot


@require_safe
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """How each step went, in figures with their uncertainty; sealed as the round's results are."""
    row = access_round(public_id)
    now = clock.now()
    verdict = can_see_results(engagement=row.engagement, now=now)
    if not verdict.allowed:
        return cannot(request, row.engagement, verdict)
    figures = figures_of(row)
    context: dict[str, Any] = {
        **about(row.engagement),
        "round": row,
        "figures": figures,
        "open_to_all": audience.public(row)["open_to_all"],
    }
    tags, earlier = [live.tag(row.engagement)], earlier_of(row)
    if earlier is not None:
        tags.append(live.tag(earlier.engagement))
        if figures.enough and can_see_results(engagement=earlier.engagement, now=now).allowed:
            before = figures_of(earlier)
            if before.enough:
                context |= {
                    "earlier": earlier,
                    "before": before,
                    "compared": compare(before, figures),
                    "usability_difference": usability_difference(before, figures),
                }
    moments = [midnight_after(now), row.engagement.closes_at]
    return page_cache.keep(
        render(request, "products/results.html", context),
        tags=tags,
        now=now,
        until=min(moment for moment in moments if moment and moment > now),
    )
