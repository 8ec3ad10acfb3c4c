"""Administrators' page: find an account, verify at the counter, roles, invitations."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import forms, policies
from accounts.access import (
    access_account,
    access_account_by_email,
    access_bureau,
    access_own_invitation,
)
from accounts.actions import (
    grant_role,
    invite,
    reinstate_account,
    revoke_invitation,
    revoke_role,
    suspend_account,
    verify_person,
)
from accounts.models import Account, Invitation, Level, RoleGrant
from accounts.views.common import View, signed_in
from core import clock
from core.exceptions import Absent, Invalid, Refused
from core.form_pages import form_page

_FORM = ["GET", "HEAD", "POST"]


def administrators(view: View) -> View:
    """Administrators only; readers who are not signed in are led to sign in.

    Others are refused, and where the address names somebody or something it is absent for them:
    the answer does not say whether it is there.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, by: Account, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.can_manage_people(by):
            raise Absent if kwargs else Refused
        return view(request, by, *args, **kwargs)

    return signed_in(wrapped)


@administrators
@require_http_methods(_FORM)
def people(request: HttpRequest, by: Account) -> HttpResponse:
    """Find one account by its whole address; who works here; invitations that wait.

    The address is sent by POST, so that it stands in no log and no history.
    """

    def act(form: forms.FindForm) -> HttpResponse:
        try:
            found = access_account_by_email(form.cleaned_data["email"], by=by)
        except Absent as absent:
            raise Invalid(absent.message, field="email") from None
        return redirect("accounts:person", public_id=found.public_id)

    now = clock.now()
    context = {
        "grants": RoleGrant.objects.in_force(now)
        .select_related("account", "bureau")
        .order_by("role", "bureau__sort_order", "pk"),
        "invitations": Invitation.objects.waiting(now).select_related("bureau").order_by("-pk"),
    }
    return form_page(
        request,
        "accounts/people.html",
        forms.FindForm,
        act=act,
        context=context,
        form_id="find",
    )


def _person_context(by: Account, account: Account) -> dict[str, Any]:
    return {
        "person": account,
        "is_self": by.pk == account.pk,
        "verified": account.person.level >= Level.VERIFIED,
        "grants": RoleGrant.objects.filter(account=account)
        .not_ended(clock.now())
        .select_related("bureau")
        .order_by("role", "pk"),
    }


@administrators
@require_safe
def person(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """One account: level, roles, and what can be done."""
    account = access_account(public_id, by=by)
    return render(request, "accounts/person.html", _person_context(by, account))


def _back_to(account: Account) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("accounts:person", kwargs={"public_id": account.public_id}))


@administrators
@sensitive_post_parameters("subject")
@require_http_methods(_FORM)
def verify(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Verify at the counter; the number typed goes no further than the key made from it."""
    account = access_account(public_id, by=by)

    def act(form: forms.VerifyForm) -> HttpResponse:
        verify_person(by=by, account=account, subject=form.cleaned_data["subject"])
        messages.success(request, _("Verified. The document's number was not kept."))
        return _back_to(account)

    return form_page(
        request,
        "accounts/verify.html",
        forms.VerifyForm,
        act=act,
        context=_person_context(by, account),
        form_id="verify",
    )


@administrators
@require_http_methods(_FORM)
def give_role(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Give a role to an account that exists."""
    account = access_account(public_id, by=by)

    def act(form: forms.RoleForm) -> HttpResponse:
        grant_role(
            account=account,
            role=form.cleaned_data["role"],
            bureau=form.cleaned_data["body"],
            by=by,
        )
        messages.success(request, _("The role is given."))
        return _back_to(account)

    return form_page(
        request,
        "accounts/give-role.html",
        forms.RoleForm,
        act=act,
        context=_person_context(by, account),
        form_id="role",
    )


@administrators
@require_POST
def end_role(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """End a role of an account."""
    account = access_account(public_id, by=by)
    slug = request.POST.get("bureau", "")
    bureau = access_bureau(slug) if slug else None
    revoke_role(account=account, role=request.POST.get("role", ""), bureau=bureau, by=by)
    messages.success(request, _("The role has ended."))
    return _back_to(account)


@administrators
@require_POST
def suspend(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Suspend an account."""
    account = access_account(public_id, by=by)
    suspend_account(account=account, by=by)
    messages.success(request, _("The account is suspended."))
    return _back_to(account)


@administrators
@require_POST
def reinstate(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Open a suspended account again."""
    account = access_account(public_id, by=by)
    reinstate_account(account=account, by=by)
    messages.success(request, _("The account is open again."))
    return _back_to(account)


@administrators
@require_http_methods(_FORM)
def send_invitation(request: HttpRequest, by: Account) -> HttpResponse:
    """Invite somebody to a role."""

    def act(form: forms.InviteForm) -> HttpResponse:
        invite(
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            bureau=form.cleaned_data["body"],
            by=by,
            language=get_language() or "en",
        )
        messages.success(request, _("The invitation is on its way. It is good for seven days."))
        return redirect("accounts:people")

    return form_page(request, "accounts/invite.html", forms.InviteForm, act=act, form_id="invite")


@administrators
@require_POST
def take_back_invitation(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Take an invitation back."""
    revoke_invitation(invitation=access_own_invitation(public_id, by=by), by=by)
    messages.success(request, _("The invitation has been taken back."))
    return redirect("accounts:people")
