"""Addresses of the CMS that read across bureaux and that the desk replaces: nothing is there.

Stands before Wagtail's own patterns in ``config.urls``.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path


def nowhere(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Always absent, signed in or not."""
    raise Http404


urlpatterns = [
    # wagtail-localize's screens and report show every bureau's drafts to whoever may enter.
    re_path(r"^localize/(?!jsi18n/)", nowhere),
    # Wagtail's workflows are not used: a paper is three pages that open together.
    re_path(r"^workflows/", nowhere),
    re_path(r"^reports/workflow", nowhere),
]
