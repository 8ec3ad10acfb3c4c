"""The bureau looks at responses that were marked; who did the task asks another officer."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock
from core.exceptions import Absent, SignInNeeded
from core.form_pages import form_page
from crowdtasks import integrity
from crowdtasks.access import (
    access_campaign,
    access_campaign_of_bureau,
    access_claim_of_bureau,
    access_response_of,
    own_claim,
    waiting_claims,
)
from crowdtasks.actions.reviewing import appeal_claim, decide_claim
from crowdtasks.forms.review import AppealForm, DecisionForm
from crowdtasks.models import Claim
from crowdtasks.policies import appeal_of, appeal_until, decision_on, may_decide, waits
from participation.views.shared import about, language, sign_in
from questionnaires.actions.changes import values_of
from questionnaires.describing import describe
from questionnaires.loading import load_definition

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50


@never_cache
@require_safe
def waiting(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an officer has to look at, the oldest first; appeals among them."""
    account = current_account(request)
    try:
        engagement = access_campaign_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    asked = request.GET.get("page", "")
    shown = Paginator(waiting_claims(engagement), PAGE_SIZE).get_page(
        asked if asked.isascii() else 1
    )
    context = {
        **about(engagement),
        "shown": shown,
        "rows": [
            {
                "claim": row,
                "why": integrity.names(row.flags),
                "appeal": appeal_of(row),
                "mine": account is not None and may_decide(row, account),
            }
            for row in shown.object_list
        ],
    }
    return render(request, "crowdtasks/review/waiting.html", context)


@never_cache
@require_http_methods(METHODS)
def decide(request: HttpRequest, public_id: str, claim_id: str) -> HttpResponse:
    """One response with why it was marked, and the decision."""
    account = current_account(request)
    try:
        engagement, claim = access_claim_of_bureau(public_id, claim_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    if account is None:
        return sign_in(request, request.path)

    def act(form: DecisionForm) -> HttpResponse:
        decide_claim(
            claim=claim,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            language=language(),
            by=account,
            known=form.cleaned_data["known"],
        )
        return HttpResponseRedirect(reverse("crowdtasks:review", args=[engagement.public_id]))

    return form_page(
        request,
        "crowdtasks/review/decide.html",
        DecisionForm,
        act=act,
        form_id="decide",
        initial={"known": claim.state},
        context={
            **about(engagement),
            **_seen(claim),
            "waits": waits(claim),
            "may_decide": may_decide(claim, account),
            "back": reverse("crowdtasks:review", args=[engagement.public_id]),
        },
    )


def _seen(claim: Claim) -> dict[str, Any]:
    """What the officer reads: answers without who gave them, and what was decided so far."""
    response = access_response_of(claim)
    return {
        "claim": claim,
        "why": integrity.names(claim.flags),
        "expected": round(claim.campaign.seconds / 60, 1),
        "took": round(claim.seconds / 60, 1) if claim.seconds is not None else None,
        "parts": describe(
            load_definition(response.questionnaire),
            values_of(response),
            language(),
            route=response.route,
            written_in=response.contribution.language,
        ),
        "decided": list(claim.reviews.all()),
        "appeal": appeal_of(claim),
    }


@never_cache
@require_http_methods(METHODS)
def appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask another officer to look at one's declined task, once."""
    engagement = access_campaign(public_id)
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    claim = own_claim(engagement, person)
    if claim is None or decision_on(claim) is None or claim.contribution is None:
        raise Absent
    receipt = reverse("participation:receipt", args=[claim.contribution.receipt.code])
    until = appeal_until(claim)
    if request.method != "POST" and (until is None or clock.now() >= until):
        return HttpResponseRedirect(receipt)

    def act(form: AppealForm) -> HttpResponse:
        appeal_claim(
            claim=claim, person=person, text=form.cleaned_data["text"], language=language()
        )
        return HttpResponseRedirect(receipt)

    return form_page(
        request,
        "crowdtasks/review/appeal.html",
        AppealForm,
        act=act,
        form_id="appeal",
        context={
            **about(engagement),
            "decision": decision_on(claim),
            "until": until,
            "back": receipt,
        },
    )
