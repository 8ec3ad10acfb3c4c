"""The API's search: the page's hits, order and filters, for programs."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from core import clock
from core.api import READING, PageQuery, answer, moment, next_page
from core.exceptions import Absent, Invalid
from core.texts import known_language
from search.analysis import QUERY_LENGTH
from search.asking import FACETS, ask
from search.filters import read_filters
from search.highlight import Piece
from search.showing import Card, cards
from search.turns import turn

router = Router(tags=["search"])


class SearchQuery(PageQuery):
    """``q`` in any script. Values of one facet widen, facets narrow each other."""

    q: str = Field(..., min_length=1, max_length=QUERY_LENGTH)
    kind: list[str] = Field(default_factory=list, max_length=20)
    state: list[Literal["open", "closing", "upcoming", "closed", "outcome"]] = Field(
        default_factory=list, max_length=20
    )
    bureau: list[str] = Field(default_factory=list, max_length=50)
    topic: list[str] = Field(default_factory=list, max_length=50)
    district: list[str] = Field(default_factory=list, max_length=50)
    date: list[Literal["week", "month", "year", "older"]] = Field(
        default_factory=list, max_length=20
    )
    language: list[str] = Field(default_factory=list, max_length=20)
    sort: Literal["relevance", "newest", "closing"] = "relevance"


class PieceOut(Schema):
    """A part of a text; ``marked`` where it is what was asked for."""

    text: str
    marked: bool


class HitOut(Schema):
    """One hit, in the language it was found in. ``within`` is the title of what it belongs to."""

    kind: str
    url: str
    language: str
    title: list[PieceOut]
    snippet: list[PieceOut]
    owner: str
    within: str
    state: str
    closes_at: str | None


class FoundOut(Schema):
    """``more``: there are more than ``count``, which stops counting at some hundreds; so do the
    facets. ``whole``: each hit holds everything that was asked; else these come nearest.
    """

    items: list[HitOut]
    count: int
    next: str | None
    more: bool
    whole: bool
    facets: dict[str, dict[str, int]]


@router.get("/search", response={200: FoundOut, **READING}, url_name="search")
def search(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Everything public that holds what is asked."""
    filters, now = read_filters(request.GET), clock.now()
    for name in ("kind", "bureau", "topic", "district", "language"):
        # The page leaves a filter out that it does not know, and shows which it used. A program
        # would take everything for what it asked for.
        if set(getattr(query, name)) != set(getattr(filters, name)):
            raise Invalid(_("This filter has no such value."), field=name, code="unknown_filter")
    with turn(request, filters.text):
        found = ask(
            filters.text,
            filters.narrowing,
            sort=query.sort,
            language=known_language(get_language()),
            now=now,
        )
    start = (query.page - 1) * query.limit
    if start and start >= len(found.hits):
        raise Absent
    hits = found.hits[start : start + query.limit]
    further = start + query.limit < len(found.hits)
    return answer(
        {
            "items": [_hit(request, card) for card in cards(hits, found, now)],
            "count": len(found.hits),
            "next": next_page(request, query.page + 1) if further else None,
            "more": found.more,
            "whole": found.whole,
            "facets": {name: dict(found.facets[name]) for name in FACETS},
        }
    )


def _hit(request: HttpRequest, card: Card) -> dict[str, object]:
    return {
        "kind": card.key,
        "url": request.build_absolute_uri(card.shown.url),
        "language": card.language,
        "title": _pieces(card.title),
        "snippet": _pieces(card.snippet),
        "owner": card.shown.owner,
        "within": card.shown.within.text if card.shown.within else "",
        "state": card.shown.state,
        "closes_at": moment(card.shown.closes_at),
    }


def _pieces(pieces: list[Piece]) -> list[dict[str, object]]:
    return [{"text": piece.text, "marked": piece.marked} for piece in pieces]
