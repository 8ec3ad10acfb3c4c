"""What programs read of a contest: the feed of its ideas, its calendar, the pictures of links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access_bureau
from core import clock, dates, limits, nameplate, page_cache
from core.dates import FOREVER
from core.share_card import Card, served
from core.texts import known_language, pick
from ideas.access import access_contest, access_idea
from ideas.feeds import (
    contests_feed,
    ideas_feed,
    next_event,
    phases_calendar,
    public_contests,
)
from ideas.listing import read_filters
from participation import live
from participation.live import REGISTER_TAG
from participation.models import Engagement

#: How long others may hold the picture of an idea: it may be withdrawn.
_IDEA_SECONDS = 300


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_safe
def feed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest public ideas as Atom, all or those of the list's filters."""
    engagement, now = access_contest(public_id), clock.now()
    filters = read_filters(request.GET)
    if filters.text:
        limits.spend("search", limits.address(request))
    text = ideas_feed(
        engagement,
        filters,
        origin=_origin(request),
        path=request.path,
        language=known_language(get_language()),
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return page_cache.keep(response, tags=[live.tag(engagement)], now=now)


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """What happens on all contests as Atom, or (``?bureau=``) on one bureau's."""
    now, language = clock.now(), known_language(get_language())
    asked = request.GET.get("bureau", "")
    bureau = access_bureau(asked) if asked else None
    rows = public_contests()
    link, query = f"/{language}/contests/", ""
    if bureau is not None:
        rows = rows.filter(owner=bureau)
        link, query = f"{link}{bureau.slug}/", f"?bureau={bureau.slug}"
    text = contests_feed(
        rows,
        origin=_origin(request),
        link=link,
        path=request.path + query,
        language=language,
        name=pick(nameplate.current().name, language).text,
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return page_cache.keep(
        response, tags=[REGISTER_TAG], now=now, until=next_event(public_contests(), now)
    )


@require_safe
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The phases with their days as iCalendar."""
    engagement, now = access_contest(public_id), clock.now()
    content = phases_calendar(
        engagement, origin=_origin(request), language=known_language(get_language()), now=now
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="contest-{public_id}.ics"'
    return page_cache.keep(response, tags=[live.tag(engagement)], now=now)


def _card(engagement: Engagement, title: str, below: str) -> Card:
    language = known_language(get_language())
    return Card(
        language=language,
        platform=pick(nameplate.current().name, language).text,
        owner=pick(engagement.owner.name, language).text,
        title=title,
        dates=below,
    )


@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """A PNG of 1200 by 630: bureau, title and dates of the contest."""
    engagement = access_contest(public_id)
    language = known_language(get_language())
    below = ""
    if engagement.closes_at == FOREVER:
        below = _("Open all the time for ideas")
    elif engagement.opens_at and engagement.closes_at:
        range_ = dates.format_range(engagement.opens_at, engagement.closes_at, language)
        below = _("Idea contest: %(dates)s") % {"dates": range_}
    made = _card(engagement, pick(engagement.title, language).text, below)
    return served(made, tags=[live.tag(engagement)])


@require_safe
def idea_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same of a public idea, with its contest below; nothing of who wrote it."""
    idea = access_idea(public_id)
    engagement = idea.engagement
    made = _card(engagement, idea.title, pick(engagement.title).text)
    return served(made, tags=[live.tag(engagement)], seconds=_IDEA_SECONDS)
