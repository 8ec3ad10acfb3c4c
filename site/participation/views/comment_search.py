"""Search within the public comments of an engagement: the box above each list of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core import clock
from core.exceptions import Unavailable
from participation.models import Engagement, Thread
from participation.search_comments import KIND
from participation.views.shared import about, language
from search.asking import SORTS, ask
from search.filters import read_filters
from search.live import Narrowing
from search.showing import cards
from search.turns import turn

A_PAGE = 20


def found_comments(request: HttpRequest, engagement: Engagement, thread: Thread) -> HttpResponse:
    """Comments on any part of the engagement that hold what is asked, best first.

    ``thread`` is the list from which it was asked. Whatever the text, the page is answered; while
    the index is away it says so.
    """
    filters, now = read_filters(request.GET), clock.now()
    context = {**about(engagement), "thread_row": thread, "filters": filters}
    try:
        with turn(request, filters.text):
            found = ask(
                filters.text,
                Narrowing(kinds=(KIND,), scopes=(engagement.public_id,)),
                sort=SORTS[0],
                language=language(),
                now=now,
            )
            page = Paginator(found.hits, A_PAGE).get_page(filters.page)
            context |= {
                "page": page,
                "total": page.paginator.count,
                "more": found.more,
                "whole": found.whole,
                "cards": cards(list(page.object_list), found, now),
            }
    except Unavailable:
        context["failed"] = True
    response = render(request, "participation/comment_search.html", context)
    # What is withheld a moment later is not to stand in anybody's kept page.
    add_never_cache_headers(response)
    return response
