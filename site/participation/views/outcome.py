"""The outcome as everybody reads it: we asked, you said, we did; the same bytes for all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, page_cache
from participation import live, outcome_parts, timeline
from participation.access import access_outcome
from participation.outcome_reading import answered_late, public_items
from participation.stages import midnight_after
from participation.views.shared import about, language


@require_safe
def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was heard, and once it is published what was decided. Absent before either."""
    engagement, row = access_outcome(public_id)
    now = clock.now()
    context = {
        **about(engagement),
        "outcome": row,
        "items": public_items(engagement, row, language()),
        "part": outcome_parts.shown(engagement) if row.published_at else None,
        "late_days": answered_late(engagement, row),
        "reason": timeline.reason_for_delay(engagement),
    }
    context["steps"] = timeline.steps(engagement, context["stage"], now)
    context["state"] = context["stage"].value
    return page_cache.keep(
        render(request, "participation/outcome.html", context),
        tags=[live.tag(engagement)],
        now=now,
        until=midnight_after(now),
    )
