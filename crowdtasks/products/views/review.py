"""The bureau looks at rewarded tries that were marked; whose they are asks another officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock
from core.exceptions import Absent, SignInNeeded
from crowdtasks.actions.giving import hold_of
from crowdtasks.policies import appeal_of, appeal_until, decision_on
from crowdtasks.products.access import (
    access_award_of_bureau,
    access_round,
    access_round_of_bureau,
    own_award,
    waiting_awards,
)
from crowdtasks.products.models import StepResult
from crowdtasks.products.scale import expected_seconds
from crowdtasks.views.reviewing import Desk, show_appeal, show_decision, show_waiting
from participation.views.shared import about, sign_in

METHODS = ["GET", "HEAD", "POST"]
DESK = Desk(
    desk="products:desk",
    review="products:review",
    decide="products:decide",
    above="products/parts/steps_said.html",
)


@never_cache
@require_safe
def waiting(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an officer has to look at, the oldest first; appeals among them."""
    account = current_account(request)
    try:
        row = access_round_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    return show_waiting(request, row.engagement, waiting_awards(row), account, DESK)


@never_cache
@require_http_methods(METHODS)
def decide(request: HttpRequest, public_id: str, award_id: str) -> HttpResponse:
    """One try with why it was marked, how its steps went, and the decision."""
    account = current_account(request)
    try:
        row, award = access_award_of_bureau(public_id, award_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    if account is None:
        return sign_in(request, request.path)
    said = StepResult.objects.filter(attempt__contribution=award.contribution_id)
    steps = said.select_related("step").order_by("step__order", "pk")
    expected = expected_seconds(row, award.contribution.person)
    return show_decision(
        request, award, account, DESK, steps_said=steps, expected=round(expected / 60, 1)
    )


@never_cache
@require_safe
def reward(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where one's own reward of a round stands, and what was decided."""
    row = access_round(public_id)
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    award = own_award(row, person)
    until = appeal_until(award)
    context = {
        **about(row.engagement),
        "round": row,
        "award": award,
        "held": hold_of(award),
        "appeal": appeal_of(award),
        "decision": list(award.reviews.all())[-1:],
        "appeal_until": until if until is not None and clock.now() < until else None,
    }
    return render(request, "products/reward.html", context)


@never_cache
@require_http_methods(METHODS)
def appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask another officer to look at one's try that was not counted, once."""
    row = access_round(public_id)
    person = current_person(request)
    if person is None:
        return sign_in(request, request.path)
    award = own_award(row, person)
    if decision_on(award) is None:
        raise Absent
    back = reverse("products:reward", args=[public_id])
    return show_appeal(request, row.engagement, award, person, back)
