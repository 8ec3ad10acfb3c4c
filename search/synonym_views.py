"""The table of synonyms for administrators, under /cms/synonyms/."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_account
from accounts.models import Account
from core.exceptions import Absent
from core.form_pages import form_page
from search.access import access_synonyms
from search.actions.synonyms import add_synonyms, change_synonyms, remove_synonyms
from search.forms import SynonymsForm
from search.models import SynonymGroup
from search.policies import can_keep_synonyms

PAGE_SIZE = 100
_FORM = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def _administrators(view: View) -> View:
    """For everybody else there is nothing here."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = current_account(request)
        if account is None or not can_keep_synonyms(account):
            raise Absent
        return view(request, account, *args, **kwargs)

    return wrapped


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("synonyms:table"))


@_administrators
@require_safe
def table(request: HttpRequest, by: Account) -> HttpResponse:
    """Every line."""
    rows = SynonymGroup.objects.order_by("-changed_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "search/synonyms/table.html", {"page": page})


@_administrators
@require_http_methods(_FORM)
def new(request: HttpRequest, by: Account) -> HttpResponse:
    """Add a line."""

    def act(form: SynonymsForm) -> HttpResponse:
        add_synonyms(words=form.cleaned_data["words"], by=by)
        messages.success(request, _("Added. Searches use it from now on."))
        return _back()

    return form_page(request, "search/synonyms/edit.html", SynonymsForm, act=act)


@_administrators
@require_http_methods(_FORM)
def edit(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Change a line."""
    row = access_synonyms(public_id, by=by)

    def act(form: SynonymsForm) -> HttpResponse:
        change_synonyms(group=row, words=form.cleaned_data["words"], by=by)
        messages.success(request, _("Saved. Searches use it from now on."))
        return _back()

    return form_page(
        request,
        "search/synonyms/edit.html",
        SynonymsForm,
        act=act,
        context={"group": row},
        initial={"words": row.words},
    )


@_administrators
@require_POST
def remove(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Take a line away."""
    remove_synonyms(group=access_synonyms(public_id, by=by), by=by)
    messages.success(request, _("Removed."))
    return _back()
