"""The result of a jury: closed by the chair, reasons written, approved by another, then public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Account, Role
from accounts.policies import has_role
from accounts.views.common import signed_in
from core import clock, page_cache
from core.form_pages import form_page
from ideas.access import access_jury, access_jury_result, access_result_desk
from ideas.actions.jury_result import (
    approve_result,
    close_jury,
    save_reasons,
    send_back_result,
)
from ideas.forms.jury import ReasonsForm, SendBackForm
from ideas.juries import is_chair
from ideas.jury_reading import comments_on, places_of, share_of
from ideas.models import JuryResult
from ideas.views.contest import next_change
from participation import live
from participation.models import Engagement
from participation.views.shared import about, language

METHODS = ["GET", "HEAD", "POST"]


@signed_in
@require_POST
def close(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Make the result."""
    engagement = access_jury(public_id, account)
    close_jury(engagement=engagement, by=account)
    messages.success(request, _("The jury is closed."))
    return HttpResponseRedirect(reverse("ideas:jury-reasons", args=[public_id]))


def _context(engagement: Engagement, result: JuryResult) -> dict[str, Any]:
    written = comments_on(result)
    places = places_of(result)
    return {
        **about(engagement),
        "result": result,
        "places": places,
        "comments": [(row, written[row.idea_id]) for row in places if row.idea_id in written],
        "jury_share": share_of(engagement),
    }


@signed_in
@require_http_methods(METHODS)
def reasons(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Places and what jurors wrote; officers write the reasons and ask for approval."""
    engagement, result = access_result_desk(public_id, account)
    here = request.path
    writes = is_chair(account, engagement) and result.published_at is None
    decides = (
        has_role(account, Role.APPROVER, engagement.owner)
        and result.sent_at is not None
        and result.published_at is None
        and (result.written_by is None or result.written_by.person_id != account.person_id)
    )

    def act(form: ReasonsForm) -> HttpResponse:
        send = request.POST.get("then") == "send"
        save_reasons(
            engagement=engagement,
            reasons=form.reasons(),
            language=language(),
            by=account,
            send=send,
        )
        messages.success(
            request, _("An approver of your bureau decides now.") if send else _("Saved.")
        )
        return HttpResponseRedirect(here)

    context = _context(engagement, result)
    return form_page(
        request,
        "ideas/jury/reasons.html",
        ReasonsForm,
        act=act,
        form_id="reasons",
        places=context["places"],
        context={**context, "writes": writes, "decides": decides},
    )


@signed_in
@require_http_methods(METHODS)
def send_back(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Return the result to its writer with a note."""
    engagement, result = access_result_desk(public_id, account)
    desk = reverse("ideas:jury-reasons", args=[public_id])

    def act(form: SendBackForm) -> HttpResponse:
        send_back_result(engagement=engagement, note=form.cleaned_data["note"], by=account)
        messages.success(request, _("The result has been sent back."))
        return HttpResponseRedirect(desk)

    return form_page(
        request,
        "ideas/jury/send_back.html",
        SendBackForm,
        act=act,
        form_id="send-back",
        context={**about(engagement), "result": result, "desk": desk},
    )


@signed_in
@require_POST
def approve(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Publish the result."""
    engagement, _result = access_result_desk(public_id, account)
    approve_result(engagement=engagement, by=account)
    messages.success(request, _("The result is public now."))
    return HttpResponseRedirect(reverse("ideas:jury-reasons", args=[public_id]))


@require_safe
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    """The published result with its reasons: the same bytes for everybody."""
    engagement, found = access_jury_result(public_id)
    now = clock.now()
    response = render(
        request,
        "ideas/jury/result.html",
        {
            **about(engagement),
            "result": found,
            "places": places_of(found),
            "jury_share": share_of(engagement),
        },
    )
    return page_cache.keep(
        response, tags=[live.tag(engagement)], now=now, until=next_change(engagement, now)
    )
