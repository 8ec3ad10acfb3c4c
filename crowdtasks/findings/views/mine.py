"""My findings: what I reported, and what became of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_person
from crowdtasks.findings.access import findings_of
from participation.views.shared import sign_in

PAGE_SIZE = 30


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    asked = request.GET.get("page", "")
    shown = Paginator(findings_of(person), PAGE_SIZE).get_page(asked if asked.isascii() else 1)
    return render(request, "findings/mine.html", {"shown": shown})
