"""Writing a comment, checking it after signing in, and the public list of a thread."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock, limits, page_cache
from core.exceptions import Absent
from core.form_pages import form_page
from core.text import clean_text
from participation import held, live, threads
from participation.access import access_comment, access_engagement, access_thread
from participation.actions.comments import check_place, needs_name, submit_comment
from participation.actions.contributions import TEXT_LIMIT
from participation.actions.pending import complete_act, held_act, hold_act
from participation.actions.sides import asks_side
from participation.comment_list import SORTS, comment_page, reply_page, sides_of, standing
from participation.forms import CheckForm, CommentForm
from participation.models import (
    Comment,
    Engagement,
    PendingAct,
    Receipt,
    Side,
    Thread,
    label_of,
)
from participation.policies import can_comment
from participation.views.comment_search import found_comments
from participation.views.shared import about, cannot, language, sign_in


def _place(request: HttpRequest, engagement: Engagement) -> tuple[Thread, Comment | None]:
    """What the address says the comment is on. Raises Absent or Closed (see ``check_place``)."""
    thread = access_thread(engagement, request.GET.get("on") or "whole")
    parent_id = request.GET.get("to", "")
    parent = access_comment(parent_id, thread=thread) if parent_id else None
    check_place(engagement=engagement, thread=thread, parent=parent)
    return thread, parent


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write first. Signed in it is submitted at once; else it is kept and sign-in comes next."""
    engagement = access_engagement(public_id)
    account, person = current_account(request), current_person(request)
    thread, parent = _place(request, engagement)
    verdict = can_comment(engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and not verdict.allowed and not verdict.would_help:
        return cannot(request, engagement, verdict)

    def act(form: CommentForm) -> HttpResponse:
        typed = form.cleaned_data
        if person is None and (verdict.allowed or verdict.would_help):
            return _hold(request, engagement, thread, parent, typed)
        receipt = submit_comment(
            engagement=engagement,
            thread=thread,
            person=person,
            account=account,
            text=typed["text"],
            language=language(),
            publish_choice=typed["publish_choice"],
            parent=parent,
            side=typed.get("side", ""),
            display_name=typed.get("display_name", ""),
            idempotency_key=typed["key"],
        )
        return _to_receipt(receipt)

    ask_name = person is not None and needs_name(account)
    return form_page(
        request,
        "participation/comment_form.html",
        CommentForm,
        act=act,
        form_id="comment",
        ask_name=ask_name,
        sides=asks_side(thread, parent),
        initial=_typed_before(request, engagement, thread, parent),
        context={
            **about(engagement),
            "thread": threads.describe(thread, language()),
            "parent": parent,
            "signed_in": person is not None,
            "verdict": verdict,
            "display_name": "" if ask_name or account is None else account.display_name,
        },
    )


def _hold(
    request: HttpRequest,
    engagement: Engagement,
    thread: Thread,
    parent: Comment | None,
    typed: dict[str, Any],
) -> HttpResponse:
    # What the register would refuse is said now, not after the way through sign-in.
    text = clean_text(typed["text"], max_length=TEXT_LIMIT, field="text")
    act = hold_act(
        engagement=engagement,
        kind="comment",
        payload={
            "text": text,
            "publish_choice": typed["publish_choice"],
            "side": typed.get("side", ""),
            "on": thread.key,
            "to": parent.contribution.public_id if parent else "",
        },
        language=language(),
        source=limits.address(request),
        token=held.recall(request, engagement, "comment"),
    )
    held.remember(request, act)
    return HttpResponseRedirect(reverse("participation:comment-check", args=[engagement.public_id]))


def _typed_before(
    request: HttpRequest, engagement: Engagement, thread: Thread, parent: Comment | None
) -> dict[str, Any]:
    """What this visit typed at this very place and has not submitted."""
    try:
        act = held_act(held.recall(request, engagement, "comment"), kind="comment")
    except Absent:
        return {}
    to = parent.contribution.public_id if parent else ""
    if act.contribution_id or (act.payload.get("on"), act.payload.get("to")) != (thread.key, to):
        return {}
    return {name: act.payload.get(name, "") for name in ("text", "publish_choice", "side")}


def _to_receipt(receipt: Receipt) -> HttpResponse:
    return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign in last: the held text, once more, and the button that submits it."""
    engagement = access_engagement(public_id)
    account, person = current_account(request), current_person(request)
    token = held.recall(request, engagement, "comment")
    held_now = held_act(token, kind="comment")
    if held_now.contribution is not None:
        return _to_receipt(held_now.contribution.receipt)
    verdict = can_comment(engagement=engagement, person=person, now=clock.now())
    if verdict.would_help:
        return sign_in(request, request.path)
    thread = access_thread(engagement, held_now.payload["on"])
    parent = _held_parent(held_now, thread)
    public = held_now.payload["publish_choice"] == "name"
    ask_name = public and needs_name(account)
    change = {"on": thread.key, **({"to": held_now.payload["to"]} if parent else {})}

    def act(form: CheckForm) -> HttpResponse:
        receipt = complete_act(
            token=token, person=person, account=account, changes=form.cleaned_data
        )
        return _to_receipt(receipt)

    return form_page(
        request,
        "participation/comment_check.html",
        CheckForm,
        act=act,
        form_id="check",
        ask_name=ask_name,
        context={
            **about(engagement),
            "thread": threads.describe(thread, language()),
            "parent": parent,
            "held": held_now,
            "side_label": label_of(held_now.payload.get("side", "")),
            "public": public,
            "verdict": verdict,
            "display_name": "" if ask_name or account is None else account.display_name,
            "change_path": reverse("participation:comment", args=[engagement.public_id])
            + f"?{urlencode(change)}",
        },
    )


def _held_parent(act: PendingAct, thread: Thread) -> Comment | None:
    try:
        return access_comment(act.payload["to"], thread=thread) if act.payload.get("to") else None
    except Absent:
        # What was to be answered is gone; submitting says so and the text stays readable.
        return None


@require_safe
def comment_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public comments of a thread: the same bytes for everyone, the order in the address.

    ``at`` names one of them, and gives the page on which it stands below what it answers.
    """
    engagement = access_engagement(public_id)
    thread = access_thread(engagement, request.GET.get("on") or "whole")
    if request.GET.get("q", "").strip():
        return found_comments(request, engagement, thread)
    sort = request.GET.get("sort") or "newest"
    if sort not in SORTS:
        raise Absent
    side = request.GET.get("side") or ""
    if side and (side not in Side.values or not threads.takes_sides(thread)):
        raise Absent
    of, number = request.GET.get("replies", ""), request.GET.get("page", "")
    at = request.GET.get("at", "")
    if place := standing(thread, at) if at else None:
        of, number = place[0], number or str(place[1])
    number = number or "1"
    shown = reply_page(thread, of, number) if of else comment_page(thread, sort, number, side=side)
    now = clock.now()
    verdict = can_comment(engagement=engagement, person=None, now=now)
    context = {
        **about(engagement),
        "thread": threads.describe(thread, language()),
        "thread_row": thread,
        "shown": shown,
        "sort": sort,
        "sorts": SORTS,
        "side": side,
        "sides": sides_of(thread, chosen=side, sort=sort),
        "can_write": thread.retired_at is None and (verdict.allowed or verdict.would_help),
        "live": engagement.closes_at is not None and now < engagement.closes_at,
    }
    response = render(request, "participation/comment_list.html", context)
    moments = [moment for moment in (engagement.opens_at, engagement.closes_at) if moment]
    later = [moment for moment in moments if moment > now]
    return page_cache.keep(
        response, tags=[live.tag(engagement)], now=now, until=min(later) if later else None
    )
