"""Atom feeds of what happens on contests and of the ideas of one; its phases as a calendar."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from core import dates
from core.calendars import days_event, new_calendar
from core.feeds import Feed, printable
from core.texts import html_lang, pick
from ideas.actions.contest import KIND
from ideas.listing import Filters, narrowed_ideas
from ideas.models import Idea
from ideas.phases import shown
from participation.event_feed import EVENTS, OUTCOME, Event, Item, events_feed, opened_and_answered
from participation.models import Engagement, Phase
from participation.querysets import EngagementQuerySet
from participation.stages import midnight_after, today

#: Newest ideas in the feed; older ones are in the list.
IDEAS = 50
TEXT_LIMIT = 600


def _updated(idea: Idea) -> dt.datetime:
    entry = idea.contribution
    return max(filter(None, (entry.published_at, entry.edited_at, entry.received_at)))


def ideas_feed(
    engagement: Engagement,
    filters: Filters,
    *,
    origin: str,
    path: str,
    language: str,
    now: dt.datetime,
) -> str:
    """The ideas of these filters that became public last, whatever order the filters ask for: an
    order may tell totals. ``origin`` is scheme and host, ``path`` the feed's own.
    """
    title = pick(engagement.title, language)
    query = filters.narrowing_query()
    feed = Feed(
        title=printable(_("Ideas: %(title)s") % {"title": title.text}),
        link=f"{origin}/{language}/e/{engagement.public_id}/ideas/{query}",
        description="",
        language=html_lang(language),
        feed_url=f"{origin}{path}{query}",
        author_name=pick(engagement.owner.name, language).text,
        now=now,
    )
    rows = narrowed_ideas(engagement, filters).select_related("contribution")
    for idea in rows.order_by("-contribution__published_at", "-pk")[:IDEAS]:
        entry = idea.contribution
        text = idea.text if len(idea.text) <= TEXT_LIMIT else idea.text[:TEXT_LIMIT].rstrip() + "…"
        feed.add_item(
            title=printable(idea.title),
            link=f"{origin}/{language}/ideas/{entry.public_id}/",
            # Readers take it for HTML; what a citizen wrote is none.
            description=linebreaks(printable(text), autoescape=True),
            # An Atom id is for ever: it must not move when a title, host or path does.
            unique_id=f"urn:kaifong:{entry.public_id}:{language}",
            pubdate=entry.published_at or entry.received_at,
            updateddate=_updated(idea),
            author_name=printable(entry.public_name) or None,
            language=html_lang(entry.language) if entry.language != language else "",
        )
    return str(feed.writeString("utf-8"))


def public_contests() -> EngagementQuerySet:
    """All contests and boxes that everybody may read."""
    found: EngagementQuerySet = Engagement.objects.public().filter(kind=KIND, contest__isnull=False)
    return found


def contests_feed(
    rows: EngagementQuerySet,
    *,
    origin: str,
    link: str,
    path: str,
    language: str,
    name: str,
    now: dt.datetime,
) -> str:
    """What opened for ideas, what opened for votes, and results: of the contests in ``rows``.

    ``origin`` is scheme and host, ``link`` the path of the list, ``path`` the feed's own, ``name``
    the platform's.
    """
    events = opened_and_answered(rows.select_related("owner"), now)
    votes = Phase.objects.filter(
        engagement__in=rows.order_by().values("pk"), key="vote", opens_at__lte=now
    ).select_related("engagement__owner")
    events += [
        Event(phase.opens_at, phase.key, phase.engagement)
        for phase in votes.order_by("-opens_at", "-pk")[:EVENTS]
    ]
    return events_feed(
        [_item(event, language) for event in events],
        title=_("Idea contests: %(platform)s") % {"platform": name},
        subtitle=_("What opens for ideas and for votes, and what came of it."),
        origin=origin,
        link=link,
        path=path,
        language=language,
        now=now,
    )


def _item(event: Event, language: str) -> Item:
    engagement = event.engagement
    title = {"title": pick(engagement.title, language).text}
    path = address(engagement, language)
    if event.name == OUTCOME:
        return Item(event, _("Result: %(title)s") % title, f"{path}#result")
    if event.name == "vote":
        return Item(event, _("The vote is open: %(title)s") % title, path)
    return Item(event, _("Open for ideas: %(title)s") % title, path)


def next_event(rows: EngagementQuerySet, now: dt.datetime) -> dt.datetime:
    """When the feed of these contests reads differently by time alone; midnight at the latest."""
    ahead = Phase.objects.filter(
        engagement__in=rows.order_by().values("pk"), opens_at__gt=now
    ).aggregate(first=Min("opens_at"))["first"]
    return min(filter(None, (midnight_after(now), ahead)))


def address(engagement: Engagement, language: str) -> str:
    """The page of a contest in this language, else the list of its ideas."""
    found = pick(engagement.paths or {}, language).text
    return found or f"/{language}/e/{engagement.public_id}/ideas/"


def phases_calendar(
    engagement: Engagement, *, origin: str, language: str, now: dt.datetime
) -> bytes:
    """Each phase with its days in Hong Kong; what has no end is told by its first day."""
    title = pick(engagement.title, language)
    calendar = new_calendar(title.text, of="Contests")
    for phase in shown(list(engagement.phases.all()), now):
        first = today(phase.opens_at)
        last = first if phase.endless else today(dates.last_minute(phase.closes_at))
        lines = [pick(engagement.owner.name, language).text]
        if phase.key in {"call", "vote"} and not phase.endless:
            lines.insert(0, dates.format_deadline(phase.closes_at, language))
        calendar.add_component(
            days_event(
                uid=f"{engagement.public_id}-{phase.key}-{language}",
                summary=_("%(phase)s: %(title)s") % {"phase": phase.name, "title": title.text},
                language=title.language,
                first=first,
                last=max(first, last),
                lines=lines,
                url=origin + address(engagement, language),
                now=now,
            )
        )
    return bytes(calendar.to_ical())
