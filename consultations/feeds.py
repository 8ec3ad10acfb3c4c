"""The register as an Atom feed in one language: what opened, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from consultations.cards import address
from core.texts import pick
from participation.event_feed import OUTCOME, Event, Item, events_feed, opened_and_answered
from participation.querysets import EngagementQuerySet


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
    return events_feed(
        [_item(event, language) for event in opened_and_answered(rows, now)],
        title=_("Consultations: %(platform)s") % {"platform": name},
        subtitle=_("What opened, and what came of it."),
        origin=origin,
        link=f"/{language}/consultations/{query}",
        path=f"{path}{query}",
        language=language,
        now=now,
    )


def _item(event: Event, language: str) -> Item:
    title = {"title": pick(event.engagement.title, language).text}
    path = address(event.engagement, language)
    if event.name == OUTCOME:
        return Item(event, _("Outcome: %(title)s") % title, f"{path}#outcome")
    return Item(event, _("Open: %(title)s") % title, path)
