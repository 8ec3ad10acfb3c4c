"""The page of results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import clock
from core.exceptions import Unavailable
from core.texts import known_language
from search.asking import SORTS, ask
from search.feeds import FED, search_feed
from search.filters import Filters, read_filters
from search.insight.counting import note_asked
from search.showing import Card, Results, cards, chosen_words, results
from search.turns import turn

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
                found = ask(
                    filters.text,
                    filters.narrowing,
                    sort=filters.sort,
                    language=language,
                    now=now,
                )
                shown = results(found, filters, now)
            context = {"more": found.more, "whole": found.whole, "reserve": found.reserve}
            note_asked(
                request,
                filters,
                language=language,
                whole=found.whole,
                cards=shown.cards,
                now=now,
            )
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
            "unfolded": bool(filters.narrowing),
            "feed": f"{reverse('search:feed')}{filters.query(sort=SORTS[0])}",
            "reset": filters.query(kind=(), state=(), bureau=(), language=()),
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
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """What a browser needs to offer this search in its address bar (OpenSearch 1.1)."""
    response = render(request, "search/opensearch.xml", {"address": reverse("search:page")})
    response["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    return response


def _sorts(filters: Filters) -> list[dict[str, object]]:
    return [
        {"text": text, "href": filters.query(sort=sort), "current": sort == filters.sort}
        for sort, text in _SORTS.items()
    ]
