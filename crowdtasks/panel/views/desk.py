"""The officer's desk of an invited round: whom to invite, the draw, how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_account
from accounts.models import Account
from core import clock
from core.exceptions import Absent, SignInNeeded
from core.form_pages import form_page
from crowdtasks.panel import funnel, rules
from crowdtasks.panel.access import access_round_of_bureau, plan_of
from crowdtasks.panel.actions.drawing import draw_plan
from crowdtasks.panel.actions.planning import open_to_all, save_plan
from crowdtasks.panel.cells import By
from crowdtasks.panel.forms.plan import DrawForm, PlanForm
from crowdtasks.panel.method import method_of
from crowdtasks.panel.models import Plan
from crowdtasks.panel.policies import can_be_opened, invites
from crowdtasks.panel.reading import Cell, free_volunteers, supply_of
from crowdtasks.products.models import Round
from feedback.files.table import TYPES, write
from participation.views.shared import about, sign_in

METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponseBase]


def at_desk(view: View) -> View:
    """Hand round and officer to the view; others are led to sign in, or find nothing."""

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: str, *args: Any, **kwargs: Any) -> Any:
        account = current_account(request)
        try:
            round = access_round_of_bureau(public_id, account)
        except SignInNeeded:
            if request.method == "POST":
                raise
            return sign_in(request, request.path)
        return view(request, round, account, *args, **kwargs)

    return never_cache(wrapped)


def _to_desk(round: Round) -> HttpResponse:
    return HttpResponseRedirect(reverse("panel:desk", args=[round.engagement.public_id]))


def _about(round: Round, plan: Plan | None) -> dict[str, Any]:
    draw = getattr(plan, "draw", None)
    return {
        **about(round.engagement),
        "round": round,
        "plan": plan,
        "draw": draw,
        "method": method_of(plan),
        "invites": invites(round, plan),
        "can_open": can_be_opened(round, plan, clock.now()),
        "desk_path": reverse("panel:desk", args=[round.engagement.public_id]),
    }


@require_http_methods(METHODS)
@at_desk
def desk(request: HttpRequest, round: Round, account: Account) -> HttpResponseBase:
    """What is planned and the button that draws; afterwards the numbers."""
    plan = plan_of(round)
    context = _about(round, plan)
    draw = context["draw"]
    if draw is not None:
        context |= {"funnel": funnel.funnel_of(draw), "forms": list(TYPES)}
    elif context["invites"]:
        free = free_volunteers(plan.narrowed if plan else {}, clock.now())
        supply = supply_of(free, plan.by if plan else By.AGE, plan.quota if plan else {})
        context |= {"supply": supply, "kinds": By.choices}

    def act(form: DrawForm) -> HttpResponse:
        draw_plan(round=round, account=account, seed=form.cleaned_data["seed"])
        return _to_desk(round)

    return form_page(
        request, "panel/desk/desk.html", DrawForm, act=act, form_id="draw", context=context
    )


@require_http_methods(METHODS)
@at_desk
def plan(request: HttpRequest, round: Round, account: Account, by: str) -> HttpResponseBase:
    """Whom to invite, in numbers, counted by what ``by`` says."""
    if by not in By.values:
        raise Absent
    row = plan_of(round)
    context = _about(round, row)
    if context["draw"] is not None or not context["invites"]:
        return _to_desk(round)
    narrowed = row.narrowed if row else {}
    supply = supply_of(free_volunteers(narrowed, clock.now()), by, {})

    def act(form: PlanForm) -> HttpResponse:
        save_plan(
            round=round,
            by=by,
            quota=form.quota,
            total=form.cleaned_data["total"],
            narrowed=form.narrowed,
            answer_days=form.cleaned_data["answer_days"],
            account=account,
        )
        return _to_desk(round)

    initial: dict[str, Any] = {"answer_days": row.answer_days if row else 7, **narrowed}
    if row is not None and row.by == by:
        initial |= {**row.quota, "total": row.total}
    return form_page(
        request,
        "panel/desk/plan.html",
        PlanForm,
        act=act,
        form_id="plan",
        by=by,
        counts={cell.key: _counted(cell) for cell in supply.cells},
        initial=initial,
        context={
            **context,
            "supply": supply,
            "by": by,
            "kinds": By.choices,
            "most": rules.FATIGUE_INVITATIONS,
            "days": rules.FATIGUE_DAYS,
        },
    )


def _counted(cell: Cell) -> str:
    if not cell.enough:
        return _("Fewer than five can be invited: too few to draw from.")
    if cell.count is None:
        return _("Some can be invited; how many is hidden, so that smaller numbers stay hidden.")
    return _("%(count)d can be invited.") % {"count": cell.count}


@require_POST
@at_desk
def open_all(request: HttpRequest, round: Round, account: Account) -> HttpResponseBase:
    """Let everybody try it."""
    free = free_volunteers({}, clock.now())
    too_few = supply_of(free, By.AGE, {}).empty
    open_to_all(round=round, account=account, why="too-few" if too_few else "officer")
    return _to_desk(round)


@require_safe
@at_desk
def export(request: HttpRequest, round: Round, account: Account, form: str) -> HttpResponseBase:
    """What became of each invitation, as a file."""
    row = getattr(plan_of(round), "draw", None)
    if form not in TYPES or row is None:
        raise Absent
    head = {
        "round": round.engagement.public_id,
        "draw": row.public_id,
        "seed": row.seed,
        "method": row.method,
        "frame_sha256": row.frame_digest,
        "at": clock.now().isoformat(),
    }
    content = write(form, head, funnel.COLUMNS, funnel.rows(row))
    response = StreamingHttpResponse(content, content_type=TYPES[form])
    name = f"invitations-{round.engagement.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
