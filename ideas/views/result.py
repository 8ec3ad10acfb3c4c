"""The result of a contest: drawn up and decided on by its officers, then read by everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock, page_cache
from core.form_pages import form_page
from ideas.access import access_result, access_result_desk, access_result_place
from ideas.actions.result import decide_place, draw_result
from ideas.drawing import sources_of
from ideas.forms.office import ConfirmForm
from ideas.forms.result import PlaceForm, initial_of
from ideas.juries import is_chair
from ideas.models import Basis, ContestResult
from ideas.result_lacks import lacks_of
from ideas.result_reading import desk_page, jurors_said, places_page, result_of, summary
from ideas.views.contest import next_change
from participation import live
from participation.models import Engagement
from participation.views.shared import about

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    """The published result with its reasons and all places: the same bytes for everybody."""
    engagement, found = access_result(public_id)
    now = clock.now()
    page = places_page(found, request.GET.get("page", ""))
    response = render(
        request,
        "ideas/result/result.html",
        {
            **about(engagement),
            **_made_by(engagement, found),
            "part": summary(engagement),
            "page": page,
        },
    )
    return page_cache.keep(
        response, tags=[live.tag(engagement)], now=now, until=next_change(engagement, now)
    )


def _made_by(engagement: Engagement, found: ContestResult) -> dict[str, Any]:
    """What the places are made of."""
    jury = getattr(engagement.contest, "jury_result", None)
    return {
        "result": found,
        "jury": jury if found.basis in {Basis.BOTH, Basis.JURY} else None,
        "voted": found.basis in {Basis.BOTH, Basis.VOTE},
        "both": found.basis == Basis.BOTH,
        "jury_share": found.jury_weight,
        "vote_share": 100 - found.jury_weight,
    }


@signed_in
@require_http_methods(METHODS)
def desk(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """What is awaited, a button that draws the result up, then every idea to decide on."""
    engagement = access_result_desk(public_id, account)
    found = result_of(engagement)

    def act(form: ConfirmForm) -> HttpResponse:
        draw_result(engagement=engagement, by=account)
        messages.success(request, _("The result is drawn up. Nobody else sees it yet."))
        return HttpResponseRedirect(request.path)

    context: dict[str, Any] = {**about(engagement), "writes": is_chair(account, engagement)}
    if found is None:
        context |= {"result": None, "sources": sources_of(engagement, clock.now())}
    else:
        context |= {
            **_made_by(engagement, found),
            "page": desk_page(engagement, found, request.GET.get("page", "")),
            "lacks": [] if found.published_at else lacks_of(engagement),
        }
    return form_page(
        request, "ideas/result/desk.html", ConfirmForm, act=act, form_id="draw", context=context
    )


@signed_in
@require_http_methods(METHODS)
def place(request: HttpRequest, account: Account, public_id: str, idea_id: str) -> HttpResponse:
    """One idea: where it stands, what jurors wrote, what it is given and why."""
    engagement, found, idea, row = access_result_place(public_id, idea_id, account)
    back = reverse("ideas:result-desk", args=[public_id])

    def act(form: PlaceForm) -> HttpResponse:
        decide_place(
            engagement=engagement,
            idea=idea.contribution.public_id,
            distinction=form.cleaned_data["distinction"],
            prize=form.texts("prize"),
            reason=form.texts("reason"),
            by=account,
        )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(back)

    return form_page(
        request,
        "ideas/result/place.html",
        PlaceForm,
        act=act,
        form_id="place",
        initial=initial_of(row),
        context={
            **about(engagement),
            **_made_by(engagement, found),
            "idea": idea,
            "contribution": idea.contribution,
            "row": row,
            "said": jurors_said(idea),
            "back": back,
        },
    )
