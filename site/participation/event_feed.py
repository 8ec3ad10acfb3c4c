"""What happened on engagements as an Atom feed, for any room: newest events first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.feeds import Feed, printable
from core.texts import Text, html_lang, pick
from participation.models import Engagement
from participation.querysets import EngagementQuerySet
from participation.stages import published_outcome

#: Newest events in a feed; older ones are in the list.
EVENTS = 50
_TEXT_LIMIT = 600
OPENED, OUTCOME = "opened", "outcome"


@dataclass(frozen=True)
class Event:
    """Something that happened on an engagement; ``name`` tells events of one from another."""

    at: dt.datetime
    name: str
    engagement: Engagement


def opened_and_answered(rows: EngagementQuerySet, now: dt.datetime) -> list[Event]:
    """The newest openings and published outcomes; two queries however many there are."""
    opened = rows.filter(opens_at__lte=now).order_by("-opens_at", "public_id")
    found = [Event(row.opens_at, OPENED, row) for row in opened[:EVENTS] if row.opens_at]
    answered = rows.with_outcome().order_by("-outcome__published_at", "public_id")
    for row in answered[:EVENTS]:
        outcome = published_outcome(row)
        if outcome is not None and outcome.published_at is not None:
            found.append(Event(outcome.published_at, OUTCOME, row))
    return found


def said_of(event: Event, language: str) -> Text:
    """The words below an event's heading: of the outcome, else what the engagement is about."""
    outcome = published_outcome(event.engagement) if event.name == OUTCOME else None
    return pick(outcome.text if outcome else event.engagement.summary, language)


@dataclass(frozen=True)
class Item:
    """An event with its heading, and the path it leads to."""

    event: Event
    heading: str
    path: str


def events_feed(
    items: Iterable[Item],
    *,
    title: str,
    subtitle: str,
    origin: str,
    link: str,
    path: str,
    language: str,
    now: dt.datetime,
) -> str:
    """The newest ``EVENTS`` of them as XML.

    ``origin`` is scheme and host, ``link`` the path of the list, ``path`` the feed's own, both with
    their query.
    """
    feed = Feed(
        title=printable(title),
        link=f"{origin}{link}",
        description="",
        subtitle=subtitle,
        language=html_lang(language),
        feed_url=f"{origin}{path}",
        now=now,
    )
    newest = sorted(
        items, key=lambda one: (one.event.at, one.event.engagement.public_id), reverse=True
    )
    for item in newest[:EVENTS]:
        event, engagement = item.event, item.event.engagement
        written_in = pick(engagement.title, language).language
        feed.add_item(
            title=printable(item.heading),
            link=origin + item.path,
            description=printable(said_of(event, language).text[:_TEXT_LIMIT]),
            # An Atom id is for ever: it must not move when a title, host or path does.
            unique_id=f"urn:kaifong:{engagement.public_id}:{event.name}:{language}",
            pubdate=event.at,
            updateddate=event.at,
            author_name=pick(engagement.owner.name, language).text,
            language=html_lang(written_in) if written_in != language else "",
            event=event.name,
        )
    return str(feed.writeString("utf-8"))
