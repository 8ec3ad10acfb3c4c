"""The catalogue: the same for everybody; beside it, uncached, what one can have oneself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from crowdtasks.ledger.reading import balance_of
from crowdtasks.ledger.rules import expiry_months
from crowdtasks.rewards.access import access_reward
from crowdtasks.rewards.listing import ORDERS, STEPS, offered, read_filters
from crowdtasks.rewards.models import RewardKind


def _listed(request: HttpRequest) -> dict[str, Any]:
    filters = read_filters(request.GET)
    return {
        "filters": filters,
        "page": offered(filters, clock.now(), request.GET.get("page")),
        "kinds": RewardKind.choices,
        "steps": STEPS,
        "months": expiry_months(),
        "orders": [(value, words) for value, (words, _fields) in ORDERS.items()],
    }


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is offered now, with its price and how many are left."""
    return render(request, "rewards/catalogue.html", _listed(request))


@signed_in
@require_safe
def for_me(request: HttpRequest, account: Account) -> HttpResponse:
    """The same list, and for each whether one's points suffice."""
    context = _listed(request)
    balance = balance_of(account.person)
    for row in context["page"]:
        row.lacking = max(0, row.points - balance.available)
    return render(request, "rewards/catalogue.html", {**context, "balance": balance})


@require_safe
def reward(request: HttpRequest, public_id: str) -> HttpResponse:
    """One reward: what it is, its terms, its price, how many are left, until when."""
    return render(request, "rewards/reward.html", {"reward": access_reward(public_id)})
