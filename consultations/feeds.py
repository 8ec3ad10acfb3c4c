"""The register as an Atom feed in one language: what opened, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from consultations.cards import address
from core.feeds import Feed, printable
from core.texts import html_lang, pick
from participation.models import Engagement
from participation.querysets import EngagementQuerySet
from participation.stages import published_outcome

#: Newest events in the feed; older ones are in the register.
EVENTS = 50
_TEXT_LIMIT = 600


def _events(
    rows: EngagementQuerySet, now: dt.datetime
) -> list[tuple[dt.datetime, str, Engagement]]:
    """(when, event, engagement), the newest first; two queries however many there are."""
    opened = rows.filter(opens_at__lte=now).order_by("-opens_at", "public_id")
    found = [(row.opens_at, "opened", row) for row in opened[:EVENTS] if row.opens_at is not None]
    answered = rows.with_outcome().order_by("-outcome__published_at", "public_id")
    for row in answered[:EVENTS]:
        outcome = published_outcome(row)
        if outcome is not None and outcome.published_at is not None:
            found.append((outcome.published_at, "outcome", row))
    found.sort(key=lambda event: (event[0], event[2].public_id), reverse=True)
    return found[:EVENTS]


def _add(
    feed: Feed, origin: str, language: str, event: tuple[dt.datetime, str, Engagement]
) -> None:
    at, name, engagement = event
    outcome = published_outcome(engagement) if name == "outcome" else None
    title = pick(engagement.title, language)
    text = pick(outcome.text if outcome else engagement.summary, language)
    heading = _("Outcome: %(title)s") if outcome else _("Open: %(title)s")
    feed.add_item(
        title=printable(heading % {"title": title.text}),
        link=origin + address(engagement, language) + ("#outcome" if outcome else ""),
        description=printable(text.text[:_TEXT_LIMIT]),
        # An Atom id is for ever: it must not move when a title, host or path does.
        unique_id=f"urn:kaifong:{engagement.public_id}:{name}:{language}",
        pubdate=at,
        updateddate=at,
        author_name=pick(engagement.owner.name, language).text,
        language=html_lang(title.language) if title.language != language else "",
        event=name,
    )


def register_feed(
    rows: EngagementQuerySet,
    *,
    origin: str,
    path: str,
    query: str,
    language: str,
    name: str,
    now: dt.datetime,
) -> str:
    """The feed of these consultations as XML.

    ``origin`` is scheme and host, ``path`` and ``query`` the feed's own, ``name`` ours.
    """
    feed = Feed(
        title=printable(_("Consultations: %(platform)s") % {"platform": name}),
        link=f"{origin}/{language}/consultations/{query}",
        description="",
        subtitle=_("What opened, and what came of it."),
        language=html_lang(language),
        feed_url=f"{origin}{path}{query}",
        now=now,
    )
    for event in _events(rows, now):
        _add(feed, origin, language, event)
    return str(feed.writeString("utf-8"))
