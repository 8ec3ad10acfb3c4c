"""Saving a search, and one's saved searches: never kept by a cache, each account's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core.exceptions import Invalid
from core.form_pages import form_page
from search.actions.saving import (
    MOST,
    change_search,
    remove_search,
    save_search,
    stop_notices,
)
from search.filters import read_filters
from search.forms import PaceForm
from search.models import Every, SavedSearch
from search.saved.access import access_notices_of, access_saved_search, own_searches
from search.saved.questions import filters_of, kept
from search.showing import chosen_words, names_of

_FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Line:
    """A saved search as the pages show it."""

    search: SavedSearch
    query: str
    filters: list[str]
    every: str | Promise


def _lines(rows: Iterable[SavedSearch]) -> list[Line]:
    """One query for the names of all bureaux, however many rows there are."""
    found = [(row, filters_of(row.words, row.question.facets, row.sort)) for row in rows]
    bureaux = names_of({slug for _row, filters in found for slug in filters.bureau})
    return [
        Line(row, filters.query(), chosen_words(filters, bureaux), Every(row.every).label)
        for row, filters in found
    ]


@signed_in
@require_http_methods(_FORM)
def save(request: HttpRequest, account: Account) -> HttpResponse:
    """Save the search that the address holds: whoever has to sign in first comes back to it."""
    filters = read_filters(request.GET)
    fault = ""
    try:
        kept(filters)
    except Invalid as invalid:
        fault = str(invalid)

    def act(form: PaceForm) -> HttpResponse:
        save_search(filters=filters, every=form.cleaned_data["every"], account=account)
        messages.success(request, _("Your search is saved."))
        return HttpResponseRedirect(reverse("search:saved"))

    return form_page(
        request,
        "search/saved/save.html",
        PaceForm,
        act=act,
        form_id="save-search",
        context={
            "filters": filters,
            "chosen": chosen_words(filters),
            "fault": fault,
            "back": f"{reverse('search:page')}{filters.query()}",
        },
        initial={"every": Every.DAILY},
    )


@signed_in
@require_safe
def searches(request: HttpRequest, account: Account) -> HttpResponse:
    """All that the account keeps."""
    lines = _lines(own_searches(account))
    return render(request, "search/saved/searches.html", {"lines": lines, "most": MOST})


@signed_in
@require_http_methods(_FORM)
def change(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """How often; removing it is a button of its own."""
    search = access_saved_search(public_id, by=account)

    def act(form: PaceForm) -> HttpResponse:
        change_search(search=search, every=form.cleaned_data["every"], by=account)
        messages.success(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("search:saved"))

    return form_page(
        request,
        "search/saved/change.html",
        PaceForm,
        act=act,
        form_id="change-search",
        context={"line": _lines([search])[0]},
        initial={"every": search.every},
    )


@signed_in
@require_POST
def remove(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Give it up."""
    remove_search(search=access_saved_search(public_id, by=account), by=account)
    messages.success(request, _("Your search is removed."))
    return HttpResponseRedirect(reverse("search:saved"))


@csrf_exempt
@never_cache
@require_http_methods(_FORM)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the notices of one saved search: a button for people, a bare POST for mail programs.

    Without a form token on purpose (RFC 8058): the mail program has none, and the address itself
    is the secret. The words of the search are not shown: a mail may be sent on.
    """
    search = access_notices_of(token)
    if request.method == "POST":
        # Read before anything is written: a body that cannot be read stops nothing.
        one_click = "List-Unsubscribe" in request.POST
        stop_notices(search=search)
        if one_click:
            return HttpResponse(status=200, content_type="text/plain; charset=utf-8")
        return HttpResponseRedirect(request.path)
    return render(request, "search/saved/stop.html", {"stopped": search.every == Every.OFF})
