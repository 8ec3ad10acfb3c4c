"""Which hits are opened, told by where a reader comes from: no link leads over a counter."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from search.insight.counting import note_opened


class OpenedMiddleware:
    """Counts a page opened from a page of hits.

    A browser names the page that a link was followed from to the site that it is of
    (``Referrer-Policy: same-origin``). So links of hits are the pages' own addresses, nothing is
    sent on to where an address says, and no script is needed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; then count, where the reader came from a page of hits."""
        response = self.get_response(request)
        before = request.META.get("HTTP_REFERER", "")
        if (
            "/search/?" in before
            and request.method == "GET"
            and response.status_code < 400
            and "prefetch" not in request.headers.get("Sec-Purpose", "")
        ):
            note_opened(request, before)
        return response
