"""The register of consultations, for all bureaux or for one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.access import access_index
from consultations.cards import cards
from consultations.home import next_change
from consultations.models import BureauSectionPage
from consultations.register import Filters, consultations, look_up, read_filters
from core import clock, limits, page_cache
from core.texts import known_language
from participation.live import REGISTER_TAG


def index(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """All consultations of every bureau; filters in the address, no scripts needed (ux P23)."""
    now = clock.now()
    filters = read_filters(request.GET)
    return _show(request, page, now, filters, bureau=None, mode=mode)


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """The register by its address, without walking the page tree for it (four queries)."""
    return index(request, access_index(known_language(get_language())))


def section(request: HttpRequest, page: BureauSectionPage, mode: str = "") -> HttpResponse:
    """One bureau's: the register with the bureau chosen, at an address of its own."""
    now = clock.now()
    asked = read_filters(request.GET)
    filters = Filters(
        states=asked.states, bureaux=(page.bureau.slug,), text=asked.text, page=asked.page
    )
    return _show(request, page, now, filters, bureau=page.bureau, mode=mode)


def _show(
    request: HttpRequest, page: Any, now: Any, filters: Filters, *, bureau: Any, mode: str
) -> HttpResponse:
    if filters.text and not mode:
        limits.spend("search", limits.address(request))
    register = look_up(filters, now)
    language = known_language(page.locale.language_code)
    index_path = f"/{language}/consultations/"
    groups = [group for group in register.groups if not bureau or group["name"] != "bureau"]
    response = render(
        request,
        "consultations/register.html",
        {
            "page": page,
            "bureau": bureau,
            "register": register,
            "cards": cards(register.page.object_list, now),
            "action": request.path,
            "groups": groups,
            "unfolded": bool(filters.states or (filters.bureaux and not bureau)),
            "chosen": register.chosen if not bureau else [],
            "reset": index_path,
            "crumbs": [
                {"href": f"/{language}/", "text": _("Home")},
                *([{"href": index_path, "text": _("Consultations")}] if bureau else []),
            ],
            "nearest": cards(consultations().open_now(now).order_by("closes_at")[:3], now)
            if not register.total
            else [],
            "empty_links": [
                # Not to the page itself.
                *(
                    [{"href": index_path, "text": _("All consultations")}]
                    if request.path != index_path or request.GET
                    else []
                ),
                {"href": f"/{language}/about/how/", "text": _("How taking part works")},
                {"href": f"/{language}/about/contact/", "text": _("Contact us")},
            ],
        },
    )
    if mode:
        return response
    return page_cache.keep(
        response, tags=[REGISTER_TAG], now=now, until=next_change(consultations(), now)
    )
