"""What programs read of a contest: the feed of its ideas, its calendar, the pictures of links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, dates, nameplate, page_cache
from core.dates import FOREVER
from core.share_card import Card, served
from core.texts import known_language, pick
from ideas.access import access_contest, access_idea
from ideas.feeds import ideas_feed, phases_calendar
from participation import live
from participation.models import Engagement

#: How long others may hold the picture of an idea: it may be withdrawn.
_IDEA_SECONDS = 300


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_safe
def feed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest public ideas as Atom."""
    engagement, now = access_contest(public_id), clock.now()
    text = ideas_feed(
        engagement,
        origin=_origin(request),
        path=request.path,
        language=known_language(get_language()),
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return page_cache.keep(response, tags=[live.tag(engagement)], now=now)


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
