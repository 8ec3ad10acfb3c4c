"""The page of results."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import nullcontext

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import clock, limits, page_cache
from core.exceptions import Unavailable
from core.texts import html_lang, known_language
from search import registry
from search.answering import answering
from search.asking import FACETS, SORTS, Found, ask, opened
from search.completing import LONGEST, Title
from search.completing import complete as titles_of
from search.feeds import FED, search_feed
from search.filters import Filters, read_filters
from search.insight.counting import note_asked
from search.live import LiveIndex
from search.showing import Card, Results, cards, chosen_words, results
from search.suggesting import suggest
from search.turns import turn
from search.writing import FEEDS

logger = logging.getLogger(__name__)

#: Hits of a suggestion of which one must be shown.
MOST_ASKED_AGAIN = 5
_SORTS: dict[str, str | Promise] = {
    "relevance": _("Best match"),
    "newest": _("Newest"),
    "closing": _("Closing soon"),
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What everybody may read, found by words in any script. Any address is answered."""
    filters = read_filters(request.GET)
    language = known_language(get_language())
    shown: Results | None = None
    context: dict[str, object] = {}
    failed = False
    if filters.text:
        now = clock.now()
        try:
            with turn(request, filters.text):
                with opened() as index:
                    found = ask(
                        filters.text,
                        filters.narrowing,
                        sort=filters.sort,
                        language=language,
                        now=now,
                        index=index,
                    )
                    other = _did_you_mean(filters.text, found, index, now)
                shown = results(found, filters, now)
                quotation = answering(found, shown.cards) if shown.page.number == 1 else None
            context = {"more": found.more, "whole": found.whole, "reserve": found.reserve}
            note_asked(
                request,
                filters,
                language=language,
                whole=found.whole,
                cards=shown.cards,
                now=now,
            )
            context["quotation"] = quotation
            if other:
                context["other"] = {"text": other, "href": Filters(text=other).query()}
        except Unavailable:
            # Whoever looks for something is told so and led on.
            failed = True
    return render(
        request,
        "search/page.html",
        {
            **context,
            "filters": filters,
            "results": shown,
            "failed": failed,
            "sorts": _sorts(filters),
            "hidden": [{"name": "sort", "value": filters.sort}] if filters.sort != SORTS[0] else [],
            "complete": reverse("search:complete"),
            "unfolded": bool(filters.narrowing),
            "feed": f"{reverse('search:feed')}{filters.query(sort=SORTS[0])}",
            "save": f"{reverse('search:save')}{filters.query()}",
            "reset": filters.query(**dict.fromkeys(FACETS, ())),
        },
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What everybody may read and holds everything that is asked, the newest first, as Atom."""
    filters, now = read_filters(request.GET), clock.now()
    language = known_language(get_language())
    found: list[Card] = []
    if filters.text:
        with turn(request, filters.text):
            answer = ask(filters.text, filters.narrowing, sort="newest", language=language, now=now)
            found = cards(answer.hits[:FED], answer, now) if answer.whole else []
    text = search_feed(
        found,
        origin=f"{request.scheme}://{request.get_host()}",
        path=request.path,
        filters=filters,
        chosen=chosen_words(filters),
        language=language,
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    # Readers of feeds ask again and again: one answer a minute does, until an act changes one.
    return page_cache.keep(response, tags=[FEEDS], now=now)


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """What a browser needs to offer this search in its address bar (OpenSearch 1.1)."""
    response = render(request, "search/opensearch.xml", {"address": reverse("search:page")})
    response["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    return response


@require_safe
def complete(request: HttpRequest) -> HttpResponse:
    """Titles that go on as what was typed, for the list under the box."""
    typed = "".join(one if one.isprintable() else " " for one in request.GET.get("q", "")[:LONGEST])
    found: list[Title] = []
    if typed.strip():
        limits.spend("complete", limits.address(request))
        found = titles_of(typed, language=known_language(get_language()), now=clock.now())
    response = JsonResponse(
        {"titles": [{"text": each.text, "language": html_lang(each.language)} for each in found]}
    )
    # A title may be withdrawn at any time: nobody keeps it for others, and nobody for long.
    response["Cache-Control"] = "private, max-age=30"
    return response


def _is_shown(answer: Found, now: dt.datetime) -> bool:
    """Whether one of its first hits may be seen, in one query: those of the first one's kind."""
    first = [hit for hit in answer.hits[:MOST_ASKED_AGAIN] if hit.kind == answer.hits[0].kind]
    return bool(registry.shown([hit.key for hit in first], now))


def _did_you_mean(text: str, found: Found, index: LiveIndex, now: dt.datetime) -> str:
    """A suggestion, or '': also where it took too long, since the question was answered."""
    if found.whole and found.hits:
        return ""
    # Within the opened index of PostgreSQL; SQLite has none, and would begin to write.
    apart = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with apart:
            return suggest(
                text,
                found,
                language=known_language(get_language()),
                now=now,
                index=index,
                is_shown=lambda answer: _is_shown(answer, now),
            )
    except DatabaseError:
        logger.exception("No suggestion could be made.")
        return ""


def _sorts(filters: Filters) -> list[dict[str, object]]:
    return [
        {"text": text, "href": filters.query(sort=sort), "current": sort == filters.sort}
        for sort, text in _SORTS.items()
    ]
