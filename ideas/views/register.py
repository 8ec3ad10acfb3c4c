"""The list of contests, for all bureaux or for one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Bureau
from core import clock, page_cache
from core.dates import FOREVER
from core.texts import known_language
from ideas.feeds import address, public_contests
from ideas.models import ContestSectionPage
from ideas.phases import at
from ideas.phases import shown as phases_shown
from participation import faces
from participation.live import REGISTER_TAG
from participation.models import Engagement
from participation.querysets import CLOSING_SOON
from participation.stages import midnight_after, stage

PAGE_SIZE = 20


def index(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """All contests: open ones first, soonest end first."""
    return _show(request, page, bureau=None, mode=mode)


def section(request: HttpRequest, page: ContestSectionPage, mode: str = "") -> HttpResponse:
    """One bureau's."""
    return _show(request, page, bureau=page.bureau, mode=mode)


def _show(request: HttpRequest, page: Any, *, bureau: Bureau | None, mode: str) -> HttpResponse:
    now = clock.now()
    rows = (
        public_contests()
        .select_related("owner", "outcome")
        .prefetch_related("phases")
        .annotate(
            group=Case(
                When(opens_at__lte=now, closes_at__gt=now, then=Value(0)),
                When(opens_at__gt=now, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            ahead=Case(When(closes_at__gt=now, then=F("closes_at")), default=None),
            number=Count("ideas", filter=Q(ideas__is_public=True)),
        )
        .order_by("group", F("ahead").asc(nulls_last=True), "-closes_at", "public_id")
    )
    if bureau is not None:
        rows = rows.filter(owner=bureau)
    asked = request.GET.get("page", "")
    shown = Paginator(rows, PAGE_SIZE).get_page(asked if asked.isascii() else 1)
    language = known_language(page.locale.language_code)
    path = f"/{language}/contests/"
    response = render(
        request,
        "ideas/register.html",
        {
            "page": page,
            "bureau": bureau,
            "shown": shown,
            "cards": [_card(row, now, language) for row in shown.object_list],
            "feed_path": reverse("ideas:contests_feed")
            + (f"?bureau={bureau.slug}" if bureau else ""),
            "crumbs": [
                {"href": f"/{language}/", "text": _("Home")},
                *([{"href": path, "text": _("Idea contests")}] if bureau else []),
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
    for row in shown.object_list:
        if row.opens_at and row.closes_at:
            moments += [row.opens_at, row.closes_at, row.closes_at - CLOSING_SOON]
        moments += [moment for one in row.phases.all() for moment in (one.opens_at, one.closes_at)]
    return page_cache.keep(
        response,
        tags=[REGISTER_TAG],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


def _card(row: Engagement, now: Any, language: str) -> dict[str, Any]:
    endless = row.closes_at == FOREVER
    here = at(phases_shown(list(row.phases.all()), now), now)
    return {
        "url": address(row, language),
        "title": row.title,
        "words": row.title_words,
        "owner": row.owner.name,
        "summary": row.summary,
        "state": stage(row, now).value,
        "open_label": faces.words_of(row).open,
        # A box is always taking ideas: that it is open says so.
        "phase": None if endless else here.phase,
        "after": here.after,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "outcome_due": row.response_due,
        "endless": endless,
        "ideas": row.number,  # type: ignore[attr-defined]
    }
