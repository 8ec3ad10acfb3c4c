"""A contest's ideas as an Atom feed, and its phases as a calendar, in one language."""

from __future__ import annotations

import datetime as dt

from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from core import dates
from core.calendars import days_event, new_calendar
from core.feeds import Feed, printable
from core.texts import html_lang, pick
from ideas.listing import public_ideas
from ideas.models import Idea
from ideas.phases import shown
from participation.models import Engagement
from participation.stages import today

#: Newest ideas in the feed; older ones are in the list.
IDEAS = 50
TEXT_LIMIT = 600


def _updated(idea: Idea) -> dt.datetime:
    entry = idea.contribution
    return max(filter(None, (entry.published_at, entry.edited_at, entry.received_at)))


def ideas_feed(
    engagement: Engagement, *, origin: str, path: str, language: str, now: dt.datetime
) -> str:
    """The ideas that became public last. ``origin`` is scheme and host, ``path`` the feed's own."""
    title = pick(engagement.title, language)
    feed = Feed(
        title=printable(_("Ideas: %(title)s") % {"title": title.text}),
        link=f"{origin}/{language}/e/{engagement.public_id}/ideas/",
        description="",
        language=html_lang(language),
        feed_url=f"{origin}{path}",
        author_name=pick(engagement.owner.name, language).text,
        now=now,
    )
    rows = public_ideas(engagement).select_related("contribution")
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


def phases_calendar(
    engagement: Engagement, *, origin: str, language: str, now: dt.datetime
) -> bytes:
    """Each phase with its days in Hong Kong; what has no end is told by its first day."""
    title = pick(engagement.title, language)
    calendar = new_calendar(title.text, of="Contests")
    paths = engagement.paths or {}
    address = pick(paths, language).text or f"/{language}/e/{engagement.public_id}/ideas/"
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
                url=origin + address,
                now=now,
            )
        )
    return bytes(calendar.to_ical())
