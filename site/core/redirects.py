"""Redirects that editors keep, looked for only where there may be one."""

from __future__ import annotations

from urllib.parse import urlparse

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import RedirectMiddleware as WagtailRedirectMiddleware
from wagtail.contrib.redirects.models import Redirect


class RedirectMiddleware(WagtailRedirectMiddleware):
    """Wagtail's, behind one look-up.

    Wagtail finds the site first and asks up to four times for each address that is not there. Most
    of those were never anybody's: robots and mistyped ones. One statement by the index tells.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Answer 301 or 302 in place of a 404 where an editor said so."""
        if response.status_code != 404:
            return response
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        bare = urlparse(path).path
        asked = {each for each in (path, uri_to_iri(path), bare, uri_to_iri(bare)) if each}
        # PostgreSQL refuses NUL in any text.
        asked = {each for each in asked if "\0" not in each}
        if not Redirect.objects.filter(old_path__in=asked).exists():
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
