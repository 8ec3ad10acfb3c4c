"""How bureaux answer: who answered in time, who late, who owes; the same bytes for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, page_cache
from participation import answering as counted
from participation.live import REGISTER_TAG
from participation.stages import midnight_after


@require_safe
def answering(request: HttpRequest) -> HttpResponse:
    """One table of ranked bureaux, one of those with too few answers for a rank."""
    now = clock.now()
    record = counted.gather(now)
    return page_cache.keep(
        render(request, "participation/answering.html", {"record": record, "now": now}),
        tags=[REGISTER_TAG],
        now=now,
        until=midnight_after(now),
    )
