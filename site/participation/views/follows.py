"""Following with an account or by address, confirming by a button, stopping by one click."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import access_bureau, current_account
from accounts.actions import change_settings
from core import limits
from core.form_pages import form_page
from participation.access import access_engagement, access_follow, access_mails_stop
from participation.actions.follows import (
    confirm_follow,
    end_follow,
    follow_bureau,
    follow_engagement,
)
from participation.forms import ConfirmForm, FollowForm, FollowStopForm
from participation.models import Follow
from participation.views.shared import about, language

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def engagement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Follow one engagement, or stop."""
    row = access_engagement(public_id)

    def start(**reader: Any) -> Follow:
        return follow_engagement(engagement=row, **reader)

    living = Follow.objects.filter(engagement=row, ended_at=None)
    return _page(request, living, start, about(row))


@never_cache
@require_http_methods(METHODS)
def bureau(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow everything of a bureau, or stop."""
    row = access_bureau(slug)

    def start(**reader: Any) -> Follow:
        return follow_bureau(bureau=row, **reader)

    living = Follow.objects.filter(bureau=row, ended_at=None)
    return _page(request, living, start, {"bureau": row})


def _page(
    request: HttpRequest, living: Any, start: Callable[..., Follow], context: dict[str, Any]
) -> HttpResponse:
    account = current_account(request)
    if account is None:
        return _by_address(request, start, context)
    follow = living.filter(account=account).first()

    def act(form: FollowStopForm) -> HttpResponse:
        if form.cleaned_data["follow"] == "1":
            start(account=account, language=language())
        elif follow is not None:
            end_follow(token=follow.token)
        return HttpResponseRedirect(request.path)

    return form_page(
        request,
        "participation/follow.html",
        FollowStopForm,
        act=act,
        form_id="follow",
        initial={"follow": "0" if follow else "1"},
        context={**context, "follow": follow, "account": account},
    )


def _by_address(
    request: HttpRequest, start: Callable[..., Follow], context: dict[str, Any]
) -> HttpResponse:
    def act(form: FollowForm) -> HttpResponse:
        start(
            email=form.cleaned_data["email"],
            language=language(),
            source=limits.address(request),
        )
        # The same answer whether or not the address follows already.
        response = render(request, "participation/follow_asked.html", context)
        add_never_cache_headers(response)
        return response

    return form_page(
        request, "participation/follow.html", FollowForm, act=act, form_id="follow", context=context
    )


def _about(follow: Follow) -> dict[str, Any]:
    found: dict[str, Any] = {"follow": follow, "bureau": follow.bureau}
    return {**found, **about(follow.engagement)} if follow.engagement else found


@never_cache
@require_http_methods(METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button, because mail scanners open links: only the press confirms."""
    follow = access_follow(token)

    def act(form: ConfirmForm) -> HttpResponse:
        confirm_follow(token=follow.token)
        return HttpResponseRedirect(request.path)

    return form_page(
        request,
        "participation/follow_confirm.html",
        ConfirmForm,
        act=act,
        form_id="confirm",
        context=_about(follow),
    )


@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop following: a button for people, a bare POST for mail programs (RFC 8058).

    Without a form token on purpose: the mail program has none, and the address itself is the
    secret. The worst a forged request could do is what its holder may do anyway.
    """
    follow = access_follow(token)
    if request.method == "POST":
        # Read before anything is written: a body that cannot be read stops nothing.
        one_click = "List-Unsubscribe" in request.POST
        follow = end_follow(token=follow.token)
        if one_click:
            return HttpResponse(status=200, content_type="text/plain; charset=utf-8")
        return HttpResponseRedirect(reverse("participation:follow-stop", args=[follow.token]))
    return render(request, "participation/follow_stop.html", _about(follow))


@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """End all mails of notices to somebody who took part: a button, or one POST (RFC 8058).

    Without a form token for the reason given at ``stop``. What always arrives (sign-in codes, a
    withheld text) still does, and the notices stay on the account's page.
    """
    account = access_mails_stop(token)
    if request.method == "POST":
        one_click = "List-Unsubscribe" in request.POST
        if account.mail_notices:
            change_settings(account=account, mail_notices=False)
        if one_click:
            return HttpResponse(status=200, content_type="text/plain; charset=utf-8")
        return HttpResponseRedirect(request.path)
    return render(request, "participation/stop_mails.html", {"stopped": not account.mail_notices})
