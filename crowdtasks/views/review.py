"""The bureau looks at responses that were marked; who did the task asks another officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core.exceptions import Absent, SignInNeeded
from crowdtasks.access import (
    access_campaign,
    access_campaign_of_bureau,
    access_claim_of_bureau,
    own_claim,
    waiting_claims,
)
from crowdtasks.policies import decision_on
from crowdtasks.views.reviewing import Desk, show_appeal, show_decision, show_waiting
from participation.views.shared import sign_in

METHODS = ["GET", "HEAD", "POST"]
DESK = Desk(desk="crowdtasks:desk", review="crowdtasks:review", decide="crowdtasks:decide")


@never_cache
@require_safe
def waiting(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an officer has to look at, the oldest first; appeals among them."""
    account = current_account(request)
    try:
        engagement = access_campaign_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    return show_waiting(request, engagement, waiting_claims(engagement), account, DESK)


@never_cache
@require_http_methods(METHODS)
def decide(request: HttpRequest, public_id: str, claim_id: str) -> HttpResponse:
    """One response with why it was marked, and the decision."""
    account = current_account(request)
    try:
        _engagement, claim = access_claim_of_bureau(public_id, claim_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    if account is None:
        return sign_in(request, request.path)
    return show_decision(request, claim, account, DESK)


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
    return show_appeal(request, engagement, claim, person, receipt)
