"""The queue, one item, and the reader's report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account
from accounts.models import Account
from accounts.views.common import private_page, signed_in
from core import clock
from core.exceptions import Absent, Conflict
from core.form_pages import form_page
from core.texts import known_language, pick
from moderation import line, policies
from moderation.access import (
    access_item,
    access_public_target,
    access_shown_name,
    require_moderator,
)
from moderation.actions import PUBLISH, decide, last_decision
from moderation.actions import drop as drop_target
from moderation.actions import report as take_report
from moderation.alike import public_alike
from moderation.forms import DecisionForm, ReportForm
from moderation.line import Filters
from moderation.models import Item
from moderation.registry import Target, TargetView
from moderation.reporters import reporter_key
from notifications.paths import localised

A_PAGE = 25


@signed_in
@require_safe
def queue(request: HttpRequest, account: Account) -> HttpResponse:
    """What waits, how long it has waited and what closes tonight; by kind and bureau."""
    require_moderator(account)
    now = clock.now()
    filters = Filters.read(request.GET)
    rows = line.waiting_for(account, filters, now)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    kinds, bodies = line.options(account, filters, now)
    shown = line.rows_of(list(page.object_list), account)
    context = {
        "page": page,
        "rows": shown,
        "head": line.head(filters.narrow(policies.visible_items(account, now).waiting()), now),
        "filters": filters,
        "kinds": kinds,
        "bodies": bodies,
        "first": next((row.item for row in shown if not row.own), None),
    }
    return render(request, "moderation/queue.html", context)


def _address(kind: str, public_id: str, filters: Filters) -> str:
    """The address of an item, the filters kept, its region in view."""
    path = reverse("moderation:item", kwargs={"kind": kind, "public_id": public_id})
    return f"{path}{filters.query}#item"


def _after(item: Item, account: Account, filters: Filters) -> str:
    """Where to go once this item is decided: on to the next, else back to the queue."""
    following = line.following(item, account, filters)
    if following is None:
        return f"{reverse('moderation:queue')}{filters.query}"
    return _address(*following, filters)


def _item_context(item: Item, account: Account, filters: Filters) -> dict[str, Any]:
    """Everything the page of one item shows."""
    place = line.place_of(item, account, filters, clock.now())
    (row,) = line.rows_of([item], account)
    around = line.surroundings(item)
    return {
        "item": item,
        "row": row,
        "view": row.view,
        "place": place,
        "around": around,
        "alike": public_alike(row.view, clock.now()) if row.view else [],
        "held": around.decisions[0] if around.decisions else None,
        "filters": filters,
        "previous_url": _address(*place.previous, filters) if place.previous else "",
        "next_url": _address(*place.next, filters) if place.next else "",
        "public_url": _public_url(row.view),
    }


def _public_url(view: TargetView | None) -> str:
    """Where everybody reads it, in the page's language; "" when nobody can."""
    if view is None or not view.public or not view.public_path:
        return ""
    return localised(
        view.public_path if isinstance(view.public_path, str) else dict(view.public_path),
        known_language(get_language()),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, account: Account, kind: str, public_id: str) -> HttpResponse:
    """One item: the text, what it stands under, what came before; publish or withhold.

    Absent for who does not moderate, as for a moderator of another body.
    """
    found = access_item(public_id, kind=kind, by=account)
    filters = Filters.read(request.GET)
    context = _item_context(found, account, filters)
    if request.method == "POST" and "drop" in request.POST:
        return _drop_absent(request, account, found, context, _after(found, account, filters))

    def act(form: DecisionForm) -> HttpResponse:
        goal = _after(found, account, filters)
        data = form.cleaned_data
        try:
            decision = decide(
                item=found,
                verdict=data["verdict"],
                rule=data["rule"],
                sentence=data["sentence"],
                version=data["version"],
                after=data["after"],
                by=account,
            )
        except Conflict as conflict:
            return _conflict(request, found, account, form, conflict)
        _say(request, account, filters, decision.verdict)
        return HttpResponseRedirect(goal)

    held = context["held"]
    return form_page(
        request,
        "moderation/item.html",
        DecisionForm,
        act=act,
        context=context,
        form_id="decision",
        initial={
            "version": found.version,
            "after": held.public_id if held else "",
            "rule": held.rule if held else "",
        },
    )


def _drop_absent(
    request: HttpRequest, account: Account, found: Item, context: dict[str, Any], goal: str
) -> HttpResponse:
    """Take out an item whose text is no longer there; anything else is decided, not dropped."""
    if context["view"] is not None:
        raise Conflict
    drop_target(kind=found.kind, target_id=found.target_id, by=account)
    messages.success(request, _("Taken out of the queue."))
    return HttpResponseRedirect(goal)


def _say(request: HttpRequest, account: Account, filters: Filters, verdict: str) -> None:
    left = line.waiting_for(account, filters, clock.now()).count()
    done = _("Published.") if verdict == PUBLISH else _("Withheld.")
    still = ngettext("%(count)d still waits.", "%(count)d still wait.", left) % {"count": left}
    messages.success(request, f"{done} {still}")


def _conflict(
    request: HttpRequest, found: Item, account: Account, form: DecisionForm, conflict: Conflict
) -> HttpResponse:
    """409: somebody was first. What was typed stays; deciding again is now a deliberate act."""
    fresh = access_item(found.public_id, kind=found.kind, by=account)
    held = last_decision(fresh.kind, fresh.target_id)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    data["after"] = held.public_id if held else ""
    again = DecisionForm(data)
    again.is_valid()
    context = {
        **_item_context(fresh, account, Filters.read(request.GET)),
        "form": again,
        "form_id": "decision",
        "switch_form": "decision",
        "conflict": conflict,
    }
    return render(request, "moderation/item.html", context, status=conflict.status)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, target_id: str) -> HttpResponse:
    """Report a public text or the name shown with it, without signing in: it never hides."""
    target, view = access_public_target(kind, target_id)
    account = current_account(request)

    def act(form: ReportForm) -> HttpResponse:
        take_report(
            kind=kind,
            target_id=target_id,
            about=form.cleaned_data["about"],
            rule=form.cleaned_data["rule"],
            note=form.cleaned_data["note"],
            account=account,
            reporter_key=reporter_key(request, account),
        )
        return HttpResponseRedirect(
            reverse("moderation:thanks", kwargs={"kind": kind, "target_id": target_id})
        )

    context = {
        "target": target,
        "view": view,
        "title": pick(dict(view.title)),
        "public_url": _public_url(view),
    }
    return form_page(
        request,
        "moderation/report.html",
        ReportForm,
        act=act,
        context=context,
        form_id="report",
        name=_name_beside(target, target_id),
    )


def _name_beside(target: Target, target_id: str) -> str:
    """The name everybody reads beside the text; "" for none."""
    try:
        return access_shown_name(target, target_id)[1].text
    except Absent:
        return ""


@private_page
@require_safe
def thanks(request: HttpRequest, kind: str, target_id: str) -> HttpResponse:
    """What happens with a report; says the same whether or not the text is still public."""
    try:
        _target, view = access_public_target(kind, target_id)
    except Absent:
        public_url = ""
    else:
        public_url = _public_url(view)
    return render(request, "moderation/thanks.html", {"public_url": public_url})
