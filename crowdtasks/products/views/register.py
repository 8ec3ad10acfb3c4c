"""The products of all bureaux or of one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Bureau
from core import clock, page_cache
from core.texts import known_language, pick
from crowdtasks.products.listing import PAGE_SIZE, public_products
from crowdtasks.products.models import Build, ProductSectionPage
from participation.live import REGISTER_TAG
from participation.models import Engagement
from participation.stages import midnight_after


def index(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """All products: the newest first."""
    return _show(request, page, bureau=None, mode=mode)


def section(request: HttpRequest, page: ProductSectionPage, mode: str = "") -> HttpResponse:
    """One bureau's."""
    return _show(request, page, bureau=page.bureau, mode=mode)


def _show(request: HttpRequest, page: Any, *, bureau: Bureau | None, mode: str) -> HttpResponse:
    now = clock.now()
    rows = public_products().select_related("owner").order_by("-opens_at", "public_id")
    if bureau is not None:
        rows = rows.filter(owner=bureau)
    asked = request.GET.get("page", "")
    shown = Paginator(rows, PAGE_SIZE).get_page(asked if asked.isascii() else 1)
    listed = list(shown.object_list)
    newest = _newest_builds(listed)
    language = known_language(page.locale.language_code)
    path = f"/{language}/products/"
    response = render(
        request,
        "products/register.html",
        {
            "page": page,
            "bureau": bureau,
            "shown": shown,
            "cards": [_card(row, newest.get(row.pk), language) for row in listed],
            "crumbs": [
                {"href": f"/{language}/", "text": _("Home")},
                *([{"href": path, "text": _("Try new services")}] if bureau else []),
            ],
            "feed_path": reverse("products:feed")
            + (f"?bureau={bureau.slug}" if bureau is not None else ""),
            "empty_links": [
                {"href": f"/{language}/consultations/", "text": _("Consultations")},
                {"href": f"/{language}/about/how/", "text": _("How taking part works")},
            ],
        },
    )
    if mode:
        return response
    moments = [midnight_after(now), *(row.opens_at for row in listed if row.opens_at)]
    return page_cache.keep(
        response,
        tags=[REGISTER_TAG],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


def _newest_builds(rows: list[Engagement]) -> dict[int, str]:
    """The version of each product's newest build; one query."""
    builds = Build.objects.standing().filter(product__in=[row.pk for row in rows])
    found: dict[int, str] = {}
    for build in builds:
        found.setdefault(build.product_id, build.version)
    return found


def _card(row: Engagement, version: str | None, language: str) -> dict[str, Any]:
    return {
        "url": pick(row.paths or {}, language).text or f"/{language}/products/",
        "title": row.title,
        "words": row.title_words,
        "owner": row.owner.name,
        "summary": row.summary,
        "version": version,
    }
