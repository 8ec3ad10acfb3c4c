"""Catalogue and stock for administrators, under /cms/rewards/: no code is ever shown here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account
from accounts.models import Account
from core.exceptions import Absent, Invalid
from core.form_pages import form_page
from crowdtasks.rewards.access import access_managed_redemption, access_managed_reward
from crowdtasks.rewards.actions.catalogue import change_reward, create_reward
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.actions.stock import Unsound, add_units, import_codes
from crowdtasks.rewards.codes_csv import FILE_MAXIMUM, Found
from crowdtasks.rewards.forms.stock import (
    CodesForm,
    FindForm,
    RefundForm,
    RewardForm,
    UnitsForm,
    initial_of,
)
from crowdtasks.rewards.models import Redemption, Reward, RewardState
from crowdtasks.rewards.policies import can_manage_rewards, can_refund

PAGE_SIZE = 50
#: What a reward has been used for before anybody used it.
NONE = {"given": 0, "refunded": 0, "waiting": 0, "kept": 0}
_FORM = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def administrators(view: View) -> View:
    """For everybody else there is nothing here."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = current_account(request)
        if account is None or not can_manage_rewards(account):
            raise Absent
        return view(request, account, *args, **kwargs)

    return wrapped


def back_to(row: Reward) -> HttpResponseRedirect:
    """The reward's page of stock."""
    return HttpResponseRedirect(reverse("rewards_stock:reward", args=[row.public_id]))


@administrators
@require_safe
def rewards(request: HttpRequest, by: Account) -> HttpResponse:
    """Every reward with what is left, given and returned."""
    rows = Reward.objects.with_left().select_related("bureau").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    figures = _figures([row.pk for row in page])
    lines = [
        {
            "reward": row,
            "figures": figures.get(row.pk, NONE),
            "is_low": row.state == RewardState.OFFERED and row.left <= row.low_at,
        }
        for row in page
    ]
    return render(request, "rewards/stock/rewards.html", {"page": page, "lines": lines})


def _figures(keys: list[int]) -> dict[int, dict[str, int]]:
    rows = (
        Redemption.objects.filter(reward__in=keys)
        .order_by()
        .values("reward")
        .annotate(
            given=Count("pk", filter=Q(refund_key="")),
            refunded=Count("pk", filter=~Q(refund_key="")),
            waiting=Count("pk", filter=Q(state="waiting")),
            kept=Count("pk", filter=Q(state__in=["reserved", "ready"])),
        )
        .values_list("reward", *NONE)
    )
    return {reward: dict(zip(NONE, numbers, strict=True)) for reward, *numbers in rows}


@administrators
@require_http_methods(_FORM)
def new(request: HttpRequest, by: Account) -> HttpResponse:
    """Begin a reward; it is a draft until it is offered."""

    def act(form: RewardForm) -> HttpResponse:
        row = create_reward(details=form.details(), by=by)
        messages.success(request, _("Saved as a draft. Bring something into stock, then offer it."))
        return back_to(row)

    return form_page(request, "rewards/stock/edit.html", RewardForm, act=act)


@administrators
@require_http_methods(_FORM)
def edit(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Change a reward. What was redeemed keeps its price."""
    row = access_managed_reward(public_id, by=by)

    def act(form: RewardForm) -> HttpResponse:
        change_reward(reward=row, details=form.details(), by=by)
        messages.success(request, _("Saved."))
        return back_to(row)

    return form_page(
        request,
        "rewards/stock/edit.html",
        RewardForm,
        act=act,
        context={"reward": row},
        initial=initial_of(row),
    )


@administrators
@require_safe
def reward(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """One reward: its stock, its batches, what was redeemed (by number, without names)."""
    row = access_managed_reward(public_id, by=by)
    batches = row.batches.order_by("-at", "-pk").annotate(
        left=Count("units", filter=Q(units__taken_at__isnull=True, units__void_at__isnull=True))
    )
    redemptions = row.redemptions.order_by("-at", "-pk")
    context = {
        "reward": row,
        "figures": _figures([row.pk]).get(row.pk, NONE),
        "is_low": row.left <= row.low_at,
        "batches": batches,
        "page": Paginator(redemptions, PAGE_SIZE).get_page(request.GET.get("page")),
        "takes_codes": row.kind == "voucher" and not row.supplier,
    }
    return render(request, "rewards/stock/reward.html", context)


@administrators
@sensitive_variables()
@require_http_methods(_FORM)
def codes(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Bring a file of codes in; lines at fault are named by number, and nothing of them is said."""
    row = access_managed_reward(public_id, by=by)
    told: dict[str, Any] = {"reward": row}

    @sensitive_variables()
    def act(form: CodesForm) -> HttpResponse:
        try:
            batch, found = import_codes(
                reward=row,
                content=form.cleaned_data["file"].read(FILE_MAXIMUM + 1),
                by=by,
                leave_faulty=form.cleaned_data["leave_faulty"],
                guarded=form.cleaned_data["guarded"],
            )
        except Unsound as error:
            told["found"] = error.found
            raise
        _say_brought_in(request, batch.count, found)
        return back_to(row)

    return form_page(request, "rewards/stock/codes.html", CodesForm, act=act, context=told)


def _say_brought_in(request: HttpRequest, count: int, found: Found) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)s code was brought into stock.",
            "%(count)s codes were brought into stock.",
            count,
        )
        % {"count": f"{count:,}"},
    )
    if found.faults:
        numbers = ", ".join(str(line.number) for line in found.told())
        messages.warning(request, _("Lines left out: %(numbers)s.") % {"numbers": numbers})


@administrators
@require_http_methods(_FORM)
def units(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Bring prizes in, or allow more codes of a supplier."""
    row = access_managed_reward(public_id, by=by)

    def act(form: UnitsForm) -> HttpResponse:
        add_units(reward=row, number=form.cleaned_data["number"], by=by)
        messages.success(request, _("They are in stock."))
        return back_to(row)

    context = {"reward": row}
    return form_page(request, "rewards/stock/units.html", UnitsForm, act=act, context=context)


@administrators
@require_http_methods(_FORM)
def find_redemption(request: HttpRequest, by: Account) -> HttpResponse:
    """Find a redemption by the number that its owner reads out."""

    def act(form: FindForm) -> HttpResponse:
        try:
            found = access_managed_redemption(form.cleaned_data["number"].strip(), by=by)
        except Absent:
            raise Invalid(_("There is no redemption of this number."), field="number") from None
        return redirect("rewards_stock:redemption", found.public_id)

    return form_page(request, "rewards/stock/find.html", FindForm, act=act)


@administrators
@require_http_methods(_FORM)
def redemption(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Where a redemption stands, how often its code was shown, and returning its points."""
    row = access_managed_redemption(public_id, by=by)

    def act(form: RefundForm) -> HttpResponse:
        refund_redemption(redemption=row, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, _("The points were returned."))
        return redirect("rewards_stock:redemption", row.public_id)

    return form_page(
        request,
        "rewards/stock/redemption.html",
        RefundForm,
        act=act,
        context={
            "redemption": row,
            "reward": row.reward,
            "showings": row.showings.order_by("number"),
            "may_refund": can_refund(by, row),
        },
    )
