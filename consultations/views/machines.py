"""What programs read: the site map of public pages, the register's feed and calendar."""

import datetime as dt
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultations.calendar_feed import MOST, register_calendar
from consultations.feeds import register_feed
from consultations.home import next_change
from consultations.models import BureauSectionPage
from consultations.register import Filters, consultations, narrowed, read_filters
from core import clock, limits, nameplate, page_cache
from core.sitemap import Paths, of_rooms
from core.texts import LANGUAGES, html_lang, known_language, pick
from core.views import ABOUT_PAGES
from participation.live import REGISTER_TAG

#: A site map holds 50,000 addresses at most, and each page has three.
MOST_PAGES = 16_000
#: Papers among them.
MOST_PAPERS = 10_000


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _paths() -> list[Paths]:
    """Each public page's path by language, newest papers first, then what rooms have; as many
    queries for any number."""
    rests = ["", "consultations/", *(f"about/{slug}/" for slug in ABOUT_PAGES)]
    owners = consultations().order_by().values("owner")
    sections = BureauSectionPage.objects.live().filter(bureau__in=owners).order_by("slug")
    slugs = sections.values_list("slug", flat=True).distinct()
    rests += [f"consultations/{slug}/" for slug in slugs]
    pages: list[Paths] = [
        {language: f"/{language}/{rest}" for language in LANGUAGES} for rest in rests
    ]
    papers = consultations().order_by("-published_at", "public_id").values_list("paths", flat=True)
    pages += [paths for paths in papers[:MOST_PAPERS] if paths]
    return list(islice(chain(pages, of_rooms()), MOST_PAGES))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in each of its languages, with the others as alternates."""
    origin, now = _origin(request), clock.now()
    entries = []
    for paths in _paths():
        versions = [
            {"lang": html_lang(language), "href": origin + paths[language]}
            for language in LANGUAGES
            if language in paths
        ]
        default = origin + pick(paths, "en").text
        entries += [
            {"loc": each["href"], "versions": versions, "default": default} for each in versions
        ]
    response = HttpResponse(
        render_to_string("consultations/sitemap.xml", {"entries": entries}),
        content_type="application/xml; charset=utf-8",
    )
    # New papers purge it; a paper that opens by time is listed before.
    return page_cache.keep(response, tags=[REGISTER_TAG], now=now)


def _asked(request: HttpRequest, now: dt.datetime) -> tuple[Filters, Any]:
    """The register's own filters, and what they leave; a search counts as one."""
    filters = read_filters(request.GET)
    if filters.text:
        limits.spend("search", limits.address(request))
    return filters, narrowed(filters, now)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The register's Atom feed, or a filter's, in the language of the address."""
    now, language = clock.now(), known_language(get_language())
    filters, rows = _asked(request, now)
    text = register_feed(
        rows,
        origin=_origin(request),
        path=request.path,
        query=filters.query(),
        language=language,
        name=_platform(language),
        now=now,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return page_cache.keep(
        response, tags=[REGISTER_TAG], now=now, until=next_change(consultations(), now)
    )


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The register, or a filter of it, as a calendar in the language of the address."""
    now, language = clock.now(), known_language(get_language())
    _filters, rows = _asked(request, now)
    content = register_calendar(
        list(rows.order_by("-closes_at", "public_id")[:MOST]),
        origin=_origin(request),
        language=language,
        name=_platform(language),
        now=now,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="consultations.ics"'
    return page_cache.keep(
        response, tags=[REGISTER_TAG], now=now, until=next_change(consultations(), now)
    )


def _platform(language: str) -> str:
    return pick(nameplate.current().name, language).text
