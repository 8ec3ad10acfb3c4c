"""What can be done now, of all bureaux or of one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import Bureau
from core import clock, page_cache
from core.texts import known_language, pick
from crowdtasks.facts import facts_of
from crowdtasks.listing import MINUTES, PAGE_SIZE, STATES, found, kinds, read_filters
from crowdtasks.models import TaskSectionPage
from crowdtasks.offering import Offer, sources
from crowdtasks.views.keeping import soon
from participation import faces
from participation.live import REGISTER_TAG
from participation.models import Engagement
from participation.querysets import CLOSING_SOON
from participation.stages import midnight_after, stage


def index(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """All tasks: those that close next first."""
    return _show(request, page, bureau=None, mode=mode)


def section(request: HttpRequest, page: TaskSectionPage, mode: str = "") -> HttpResponse:
    """One bureau's."""
    return _show(request, page, bureau=page.bureau, mode=mode)


def _show(request: HttpRequest, page: Any, *, bureau: Bureau | None, mode: str) -> HttpResponse:
    now = clock.now()
    filters = read_filters(request.GET)
    asked = request.GET.get("page", "")
    shown = Paginator(found(filters, now, bureau), PAGE_SIZE).get_page(
        asked if asked.isascii() else 1
    )
    rows = list(shown.object_list)
    facts: dict[int, Offer] = {**facts_of(rows, now)}
    for source in sources():
        facts |= source.facts(rows, now)
    language = known_language(page.locale.language_code)
    path = f"/{language}/tasks/"
    response = render(
        request,
        "crowdtasks/register.html",
        {
            "page": page,
            "bureau": bureau,
            "shown": shown,
            "filters": filters,
            "kinds": kinds().items(),
            "minutes": MINUTES.items(),
            "states": STATES.items(),
            "cards": [_card(row, facts[row.pk], now, language) for row in rows],
            "crumbs": [
                {"href": f"/{language}/", "text": _("Home")},
                *([{"href": path, "text": _("What can be done now")}] if bureau else []),
            ],
            "empty_links": [
                {"href": f"/{language}/consultations/", "text": _("Consultations")},
                {"href": f"/{language}/about/how/", "text": _("How taking part works")},
            ],
        },
    )
    if mode:
        return response
    moments = [midnight_after(now)]
    for row in rows:
        if row.opens_at and row.closes_at:
            moments += [row.opens_at, row.closes_at, row.closes_at - CLOSING_SOON]
    if any(one.left is not None or one.reward for one in facts.values()):
        moments.append(soon(now))
    return page_cache.keep(
        response,
        tags=[REGISTER_TAG],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


def _card(row: Engagement, facts: Offer, now: Any, language: str) -> dict[str, Any]:
    return {
        "url": pick(row.paths or {}, language).text or f"/{language}/e/{row.public_id}/",
        "title": row.title,
        "words": row.title_words,
        "owner": row.owner.name,
        "summary": row.summary,
        "state": stage(row, now).value,
        "open_label": faces.words_of(row).open,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "facts": facts,
    }
