"""Acts on one contribution: agree, edit, withdraw, its versions, the bureau's reply."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock
from core.exceptions import Absent, SignInNeeded
from core.form_pages import form_page
from participation import kinds, threads
from participation.access import (
    access_comment,
    access_contribution,
    access_own_contribution,
)
from participation.actions.comments import reply_officially, set_support
from participation.actions.contributions import (
    newest_text,
    newest_version,
    withdraw_contribution,
)
from participation.actions.sides import asks_side, edit_comment
from participation.forms import ConfirmForm, EditForm, OfficialReplyForm, SupportForm
from participation.models import Comment, Contribution, Support, label_of
from participation.policies import (
    can_edit_contribution,
    can_reply_officially,
    can_support,
    can_withdraw_contribution,
)
from participation.views.shared import about, cannot, comment_path, language, sign_in

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def support(request: HttpRequest, public_id: str) -> HttpResponse:
    """'I agree with this': one button that says what it will do, without a script."""
    comment = access_comment(public_id)
    engagement = comment.contribution.engagement
    account, person = current_account(request), current_person(request)
    verdict = can_support(engagement=engagement, person=person, now=clock.now())
    if request.method == "POST" and verdict.would_help:
        return sign_in(request, request.path)
    own = person is not None and comment.contribution.person_id == person.pk
    if request.method != "POST" and not verdict.allowed and not verdict.would_help:
        return cannot(request, engagement, verdict, back=comment_path(comment))

    def act(form: SupportForm) -> HttpResponse:
        set_support(
            comment=comment, person=person, account=account, on=form.cleaned_data["agree"] == "1"
        )
        return HttpResponseRedirect(request.path)

    agrees = person is not None and Support.objects.filter(comment=comment, person=person).exists()
    return form_page(
        request,
        "participation/support.html",
        SupportForm,
        act=act,
        form_id="support",
        initial={"agree": "0" if agrees else "1"},
        context={
            **about(engagement),
            "comment": comment,
            "count": Support.objects.filter(comment=comment).count(),
            "agrees": agrees,
            "own": own,
            "signed_in": person is not None,
            "back": comment_path(comment),
        },
    )


def _own(request: HttpRequest, public_id: str) -> Contribution:
    return access_own_contribution(public_id, current_person(request))


def _receipt_path(contribution: Contribution) -> str:
    return reverse("participation:receipt", args=[contribution.receipt.code])


@never_cache
@require_http_methods(METHODS)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an own comment until the close; every version is kept."""
    try:
        contribution = _own(request, public_id)
    except SignInNeeded:
        if request.method == "POST":
            raise
        return sign_in(request, request.path)
    person = current_person(request)
    verdict = can_edit_contribution(contribution=contribution, person=person, now=clock.now())
    if contribution.kind != "comment":
        raise Absent
    if request.method != "POST" and not verdict.allowed:
        return cannot(request, contribution.engagement, verdict, back=_receipt_path(contribution))

    def act(form: EditForm) -> HttpResponse:
        edit_comment(
            contribution=contribution,
            person=person,
            account=current_account(request),
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            side=form.cleaned_data.get("side"),
        )
        return HttpResponseRedirect(_receipt_path(contribution))

    comment = contribution.comment
    return form_page(
        request,
        "participation/edit.html",
        EditForm,
        act=act,
        form_id="edit",
        sides=asks_side(comment.thread, comment.parent),
        initial={
            "side": comment.side_at(newest_version(contribution)),
            "text": newest_text(contribution),
            "version": newest_version(contribution),
        },
        context={
            **about(contribution.engagement),
            "contribution": contribution,
            "thread": threads.describe(comment.thread, language()),
            "waits": contribution.engagement.moderation_policy == "before"
            and contribution.state == "published",
            "back": _receipt_path(contribution),
        },
    )


@never_cache
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an own entry back until the close, after one question."""
    try:
        contribution = _own(request, public_id)
    except SignInNeeded:
        return sign_in(request, request.path)
    person = current_person(request)
    verdict = can_withdraw_contribution(contribution=contribution, person=person, now=clock.now())
    if contribution.state == "withdrawn":
        return HttpResponseRedirect(_receipt_path(contribution))
    if request.method != "POST" and not verdict.allowed:
        return cannot(request, contribution.engagement, verdict, back=_receipt_path(contribution))

    def act(form: ConfirmForm) -> HttpResponse:
        withdraw_contribution(
            contribution=contribution, person=person, account=current_account(request)
        )
        return HttpResponseRedirect(_receipt_path(contribution))

    return form_page(
        request,
        "participation/withdraw.html",
        ConfirmForm,
        act=act,
        form_id="withdraw",
        context={
            **about(contribution.engagement),
            "contribution": contribution,
            "said": newest_text(contribution),
            "back": _receipt_path(contribution),
            **kinds.receipt_part(request, contribution, True),
        },
    )


def _versions(contribution: Contribution) -> list[dict[str, Any]]:
    """Every version, newest first, each with the side it was on (the one taken last before it)."""
    comment = Comment.objects.filter(pk=contribution.pk).prefetch_related("sides").first()
    found = []
    for row in contribution.versions.order_by("-number"):
        side = comment.side_at(row.number) if comment else ""
        found.append(
            {
                "number": row.number,
                "at": row.at,
                "text": row.text,
                "side": side,
                "side_label": label_of(side),
            }
        )
    return found


@never_cache
@require_safe
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an own comment said in each version, and which of them is public."""
    try:
        contribution = _own(request, public_id)
    except SignInNeeded:
        return sign_in(request, request.path)
    if contribution.kind == "response":
        # What is kept of those is for programs; the receipt shows the answers in words.
        raise Absent
    context = {
        **about(contribution.engagement),
        "contribution": contribution,
        "versions": _versions(contribution),
        "back": _receipt_path(contribution),
    }
    return render(request, "participation/versions.html", context)


@never_cache
@require_http_methods(METHODS)
def official_reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """The bureau answers one comment; absent for all but officers of the owner or a partner."""
    comment = access_comment(public_id)
    engagement = comment.contribution.engagement
    account = current_account(request)
    verdict = can_reply_officially(account, engagement)
    if account is None:
        return sign_in(request, request.path)
    if not verdict.allowed or comment.parent_id is not None:
        raise Absent

    def act(form: OfficialReplyForm) -> HttpResponse:
        reply_officially(
            parent=comment,
            account=account,
            text=form.cleaned_data["text"],
            language=language(),
            idempotency_key=form.cleaned_data["key"],
        )
        return HttpResponseRedirect(comment_path(comment))

    return form_page(
        request,
        "participation/official_reply.html",
        OfficialReplyForm,
        act=act,
        form_id="reply",
        context={
            **about(engagement),
            "comment": comment,
            "replies": Comment.objects.filter(parent=comment, official=True).with_text().oldest(),
            "back": comment_path(comment),
        },
    )


@never_cache
@require_safe
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short address of a report, on to the one form that takes reports of all kinds."""
    contribution = access_contribution(public_id)
    return HttpResponseRedirect(
        f"/{language()}/report/{contribution.kind}/{contribution.public_id}/"
    )
