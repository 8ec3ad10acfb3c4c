"""Redeeming, what one redeemed, and the one page that shows a code."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import sessions
from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from core.exceptions import Absent, Conflict, Unavailable
from core.form_pages import form_page
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards.access import access_own_redemption, access_reward, find_by_press
from crowdtasks.rewards.actions.redeeming import counted, redeem_reward
from crowdtasks.rewards.actions.showing import opened, show_code
from crowdtasks.rewards.forms.own import RedeemForm
from crowdtasks.rewards.models import Redemption, RedemptionState
from crowdtasks.rewards.models.redemption import SHOWINGS_MAXIMUM
from crowdtasks.rewards.policies import judge
from crowdtasks.rewards.slips import show_slip

MOST = 100
_KEPT = (RedemptionState.RESERVED, RedemptionState.READY)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Price, balance before and after, terms; then one press.

    The same press again leads to what it has made, also when the reward has left the catalogue.
    """
    if request.method == "POST":
        before = find_by_press(request.POST.get("key", ""), reward=public_id, person=account.person)
        if before is not None:
            return HttpResponseRedirect(reverse("rewards:redemption", args=[before.public_id]))
    found = access_reward(public_id)
    balance = balance_of(account.person)
    verdict = judge(
        found,
        now=clock.now(),
        left=found.left,
        had=counted(found, account.person).count(),
        available=balance.available,
    )

    def act(form: RedeemForm) -> HttpResponse:
        try:
            row = redeem_reward(
                reward=found,
                person=account.person,
                account=account,
                agreed=form.cleaned_data["agreed"],
                key=form.cleaned_data["key"],
            )
        except Conflict as changed:
            if changed.code == "price":
                # The page shows the price as it is now: the next press agrees to that.
                form.data = {**form.cleaned_data, "agreed": found.points}
            raise
        return HttpResponseRedirect(reverse("rewards:redemption", args=[row.public_id]))

    return form_page(
        request,
        "rewards/redeem.html",
        RedeemForm,
        act=act,
        form_id="redeem",
        initial={"key": secrets.token_urlsafe(24), "agreed": found.points},
        context={
            "reward": found,
            "balance": balance,
            "after": balance.available - found.points,
            "verdict": verdict,
        },
    )


@signed_in
@require_safe
def mine(request: HttpRequest, account: Account) -> HttpResponse:
    """Everything one redeemed, the newest first; no code stands here."""
    rows = list(Redemption.objects.of(account.person)[:MOST])
    return render(
        request,
        "rewards/mine.html",
        {"redemptions": rows, "balance": balance_of(account.person)},
    )


def _state(row: Redemption) -> dict[str, Any]:
    shown = list(row.showings.order_by("number"))
    return {
        "redemption": row,
        "reward": row.reward,
        "showings": shown,
        "showings_left": SHOWINGS_MAXIMUM - len(shown),
        "has_code": row.state == RedemptionState.GIVEN,
        "is_kept": row.state in _KEPT,
    }


@signed_in
@sensitive_variables()
@require_safe
def redemption(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Where one redemption stands; for a prize with its collection code until it is collected."""
    row = access_own_redemption(public_id, person=account.person)
    context, status = _state(row), 200
    if context["is_kept"] and row.slip_digest is not None:
        try:
            context["slip"] = show_slip(opened(row, row.slip_sealed, row.slip_digest))
        except Unavailable as why:
            # What it is, until when and where it is kept can be read all the same.
            context["missing"], status = why.message, why.status
    return _closed(render(request, "rewards/redemption.html", context, status=status))


@signed_in
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """What showing means, and a button; the answer to the button holds the code, once."""
    row = access_own_redemption(public_id, person=account.person)
    context = _state(row)
    if not context["has_code"]:
        raise Absent
    began = sessions.began(request)
    if not sessions.is_fresh(request) or any(one.sign_in == began for one in context["showings"]):
        # Signing in by a code mailed now, without signing out first: the session begins anew.
        context["account"] = account
        again = render(request, "rewards/sign_in_again.html", context, status=_again(request))
        return _closed(again)
    if request.method != "POST":
        return _closed(render(request, "rewards/show.html", context))
    try:
        shown = show_code(
            redemption=row, person=account.person, account=account, signed_in_at=began
        )
    except Unavailable as why:
        context["missing"] = why.message
        return _closed(render(request, "rewards/redemption.html", context, status=why.status))
    return _closed(render(request, "rewards/shown.html", {**context, "code": shown.reveal()}))


def _again(request: HttpRequest) -> int:
    return 403 if request.method == "POST" else 200


def _closed(response: HttpResponse) -> HttpResponse:
    """Nothing of the page is kept anywhere."""
    response.headers["Cache-Control"] = "no-store, private"
    return response
