"""The counter: an officer finds a prize by its collection code, lays out, hands over."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Account
from accounts.views.common import signed_in
from core import limits
from core.exceptions import Absent, Invalid, Refused
from core.form_pages import form_page
from crowdtasks.rewards.access import access_kept_prize, access_prize_by_slip
from crowdtasks.rewards.actions.prizes import hand_over, lay_out
from crowdtasks.rewards.forms.own import SlipForm
from crowdtasks.rewards.models import Redemption
from crowdtasks.rewards.policies import counters_of
from crowdtasks.rewards.slips import clean_slip

PAGE_SIZE = 50
PRIZE = "rewards/counter/prize.html"
_FORM = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def _officers(view: View) -> View:
    """Officers of some body; others are refused, or find nothing where something is named."""

    @wraps(view)
    def wrapped(request: HttpRequest, by: Account, *args: Any, **kwargs: Any) -> HttpResponse:
        if not counters_of(by).exists():
            raise Absent if kwargs else Refused
        return view(request, by, *args, **kwargs)

    return signed_in(wrapped)


@_officers
@sensitive_post_parameters("slip")
@require_http_methods(_FORM)
def counter(request: HttpRequest, by: Account) -> HttpResponse:
    """Find by code, sent by POST so that it stands in no address; what waits, the oldest first."""

    def act(form: SlipForm) -> HttpResponse:
        limits.spend("reward_counter", by.public_id)
        try:
            found = access_prize_by_slip(form.cleaned_data["slip"], by=by)
        except Absent:
            raise Invalid(
                _("No prize of your counter has this collection code."), field="slip"
            ) from None
        if found.collected_at is not None:
            raise Invalid(_("This prize was collected before."), field="slip")
        if found.ended_at is not None:
            raise Invalid(_("This prize is not kept any more."), field="slip")
        typed = SlipForm(initial=form.cleaned_data)
        return render(request, PRIZE, {**_prize(found, by), "form": typed, "form_id": "slip"})

    rows = Redemption.objects.kept_for(counters_of(by)).order_by("at", "pk")
    return form_page(
        request,
        "rewards/counter/counter.html",
        SlipForm,
        act=act,
        context={"page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))},
        form_id="slip",
    )


def _prize(row: Redemption, by: Account) -> dict[str, Any]:
    return {"redemption": row, "reward": row.reward, "own": row.person_id == by.person_id}


@_officers
@sensitive_post_parameters("slip")
@require_http_methods(_FORM)
def prize(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """One prize that waits: say that it is laid out, or hand it over against its code."""
    row = access_kept_prize(public_id, by=by)
    if request.method == "POST" and request.POST.get("act") == "ready":
        lay_out(redemption=row, by=by)
        messages.success(request, _("The citizen has been told that it can be collected."))
        return redirect("rewards:counter")

    def act(form: SlipForm) -> HttpResponse:
        hand_over(redemption=row, slip=clean_slip(form.cleaned_data["slip"]), by=by)
        messages.success(request, _("Handed over."))
        return redirect("rewards:counter")

    return form_page(request, PRIZE, SlipForm, act=act, context=_prize(row, by), form_id="slip")
