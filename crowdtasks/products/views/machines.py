"""What programs read of rounds: the feed of all, the calendar of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import access_bureau
from core import clock, nameplate, page_cache
from core.texts import pick
from crowdtasks.products.access import access_round
from crowdtasks.products.feeds import next_event, public_rounds, round_calendar, rounds_feed
from participation import live
from participation.live import REGISTER_TAG
from participation.views.shared import language


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Which rounds opened and what was learned as Atom, of all or (``?bureau=``) of one bureau."""
    now, asked = clock.now(), request.GET.get("bureau", "")
    bureau = access_bureau(asked) if asked else None
    rows, link, query = public_rounds(), f"/{language()}/products/", ""
    if bureau is not None:
        rows = rows.filter(owner=bureau)
        link, query = f"{link}{bureau.slug}/", f"?bureau={bureau.slug}"
    text = rounds_feed(
        rows,
        origin=_origin(request),
        link=link,
        path=request.path + query,
        language=language(),
        name=pick(nameplate.current().name, language()).text,
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return page_cache.keep(
        response, tags=[REGISTER_TAG], now=now, until=next_event(public_rounds(), now)
    )


@require_safe
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The days of the round as iCalendar."""
    row, now = access_round(public_id), clock.now()
    content = round_calendar(row.engagement, origin=_origin(request), language=language(), now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="round-{public_id}.ics"'
    return page_cache.keep(response, tags=[live.tag(row.engagement)], now=now)
