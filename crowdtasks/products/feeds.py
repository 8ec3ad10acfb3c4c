"""Atom feed of the rounds of all products, and the days of one round as a calendar."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min
from django.utils.translation import gettext as _

from core import dates
from core.calendars import days_event, new_calendar
from core.texts import pick
from crowdtasks.products.actions.round import KIND
from participation.event_feed import OUTCOME, Event, Item, events_feed, opened_and_answered
from participation.models import Engagement
from participation.querysets import EngagementQuerySet
from participation.stages import midnight_after, today


def public_rounds() -> EngagementQuerySet:
    """All rounds that everybody may read."""
    found: EngagementQuerySet = Engagement.objects.public().filter(kind=KIND, round__isnull=False)
    return found


def rounds_feed(
    rows: EngagementQuerySet,
    *,
    origin: str,
    link: str,
    path: str,
    language: str,
    name: str,
    now: dt.datetime,
) -> str:
    """Which rounds opened, and what was learned: of the rounds in ``rows``.

    ``origin`` is scheme and host, ``link`` the path of the list, ``path`` the feed's own, ``name``
    the platform's.
    """
    events = opened_and_answered(rows.select_related("owner"), now)
    return events_feed(
        [_item(event, language) for event in events],
        title=_("Try new services: %(platform)s") % {"platform": name},
        subtitle=_("Which rounds opened, and what was learned."),
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
        return Item(event, _("What was learned: %(title)s") % title, f"{path}#outcome")
    return Item(event, _("To try now: %(title)s") % title, path)


def next_event(rows: EngagementQuerySet, now: dt.datetime) -> dt.datetime:
    """When the feed of these rounds reads differently by time alone; midnight at the latest."""
    ahead = rows.filter(opens_at__gt=now).order_by().aggregate(first=Min("opens_at"))["first"]
    return min(filter(None, (midnight_after(now), ahead)))


def address(engagement: Engagement, language: str) -> str:
    """The page of a round in this language, else the list of products."""
    return pick(engagement.paths or {}, language).text or f"/{language}/products/"


def round_calendar(
    engagement: Engagement, *, origin: str, language: str, now: dt.datetime
) -> bytes:
    """The days of the round in Hong Kong, with its deadline."""
    title = pick(engagement.title, language)
    calendar = new_calendar(title.text, of="Rounds")
    opens_at, closes_at = engagement.opens_at, engagement.closes_at
    if opens_at is not None and closes_at is not None:
        first = today(opens_at)
        calendar.add_component(
            days_event(
                uid=f"{engagement.public_id}-{language}",
                summary=title.text,
                language=title.language,
                first=first,
                last=max(first, today(dates.last_minute(closes_at))),
                lines=[
                    dates.format_deadline(closes_at, language),
                    pick(engagement.owner.name, language).text,
                ],
                url=origin + address(engagement, language),
                now=now,
            )
        )
    content: bytes = calendar.to_ical()
    return content
