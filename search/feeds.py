"""A question as an Atom feed: what is new for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core import nameplate
from core.feeds import Feed, printable
from core.texts import html_lang, pick
from search.filters import Filters
from search.highlight import Piece
from search.showing import Card

#: Entries of a feed.
FED = 30


def search_feed(
    cards: Iterable[Card],
    *,
    origin: str,
    path: str,
    filters: Filters,
    chosen: Iterable[str],
    language: str,
    now: dt.datetime,
) -> str:
    """The feed of these hits as XML. ``origin`` is scheme and host, ``path`` the feed's own.

    ``chosen`` are the filters in words: readers of feeds keep several of one question.
    """
    platform = pick(nameplate.current().name, language).text
    feed = Feed(
        title=_title(filters, chosen, platform),
        link=f"{origin}/{language}/search/{filters.query()}",
        description="",
        language=html_lang(language),
        feed_url=f"{origin}{path}{filters.query()}",
        now=now,
    )
    for card in cards:
        feed.add_item(
            title=printable(_joined(card.title)),
            link=f"{origin}{card.shown.url}",
            description=printable(_joined(card.snippet)),
            # An Atom id is for ever: it must not move when a title, host or path does.
            unique_id=f"urn:kaifong:{card.shown.key}:{language}",
            pubdate=card.at,
            updateddate=card.at,
            author_name=card.shown.owner or platform,
            language="" if card.language == language else html_lang(card.language),
        )
    return str(feed.writeString("utf-8"))


def _title(filters: Filters, chosen: Iterable[str], platform: str) -> str:
    words = {"text": filters.text, "platform": platform, "filters": " · ".join(chosen)}
    if words["filters"]:
        return _("Search: %(text)s (%(filters)s) – %(platform)s") % words
    return _("Search: %(text)s – %(platform)s") % words


def _joined(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
