"""The own account: my page, name, password, settings, data, closing, invitations."""

import json

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import export, forms, mypage, policies, sessions
from accounts.access import access_invitation, current_account
from accounts.actions import (
    accept_invitation,
    change_settings,
    choose_display_name,
    close_account,
    set_password,
)
from accounts.data_words import entries
from accounts.models import Account, Role
from accounts.safety import safe_next
from accounts.views.common import private_page, sign_in_address, signed_in
from core.exceptions import SignInNeeded
from core.form_pages import form_page

_FORM = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def my_page(request: HttpRequest, account: Account) -> HttpResponse:
    """Everything about the account on one page, the rooms' parts included."""
    sections = [
        render_to_string(part["template"], {"account": account, **part["context"]}, request)
        for part in mypage.sections_for(request)
    ]
    grants = list(policies.grants_of(account).select_related("bureau").order_by("role", "pk"))
    # Who holds no role passes none of the policies that ask for one: most readers cost no more.
    context = {
        "account": account,
        "language_name": dict(forms.LANGUAGE_CHOICES)[account.language],
        "sections": sections,
        "grants": grants,
        "enters_cms": bool(grants) and policies.can_enter_cms(account),
        "moderates": bool(grants) and policies.has_role(account, Role.MODERATOR),
        "manages_people": bool(grants) and policies.can_manage_people(account),
    }
    return render(request, "accounts/my-page.html", context)


@signed_in
@require_http_methods(_FORM)
def display_name(request: HttpRequest, account: Account) -> HttpResponse:
    """Choose the display name."""
    source = request.POST if request.method == "POST" else request.GET
    next_path = safe_next(source.get("next", ""))

    def act(form: forms.DisplayNameForm) -> HttpResponse:
        choose_display_name(account=account, name=form.cleaned_data["name"])
        messages.success(request, _("Your display name is saved."))
        return HttpResponseRedirect(next_path or reverse("accounts:my_page"))

    return form_page(
        request,
        "accounts/display-name.html",
        forms.DisplayNameForm,
        act=act,
        context={"account": account, "next": next_path},
        form_id="name",
        initial={"name": account.display_name},
    )


@signed_in
@require_http_methods(_FORM)
def settings(request: HttpRequest, account: Account) -> HttpResponse:
    """Language of mails; notices by mail or not."""

    def act(form: forms.SettingsForm) -> HttpResponse:
        change_settings(
            account=account,
            language=form.cleaned_data["language"],
            mail_notices=form.cleaned_data["mail_notices"],
        )
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:my_page")

    return form_page(
        request,
        "accounts/settings.html",
        forms.SettingsForm,
        act=act,
        form_id="settings",
        initial={"language": account.language, "mail_notices": account.mail_notices},
    )


@signed_in
@sensitive_post_parameters("current", "password")
@require_http_methods(_FORM)
def password(request: HttpRequest, account: Account) -> HttpResponse:
    """Set or change the password; a session begun by code just now need not know the old one."""
    proven = sessions.is_fresh(request, by="code")
    has_one = account.has_usable_password()
    if not proven and not has_one:
        return render(request, "accounts/not-fresh.html", {"why": "password"}, status=403)

    def act(form: forms.NewPasswordForm) -> HttpResponse:
        changed = set_password(
            account=account,
            password=form.cleaned_data["password"],
            current=form.cleaned_data.get("current", ""),
            proven=proven,
        )
        # Every other session of the account ends; this one goes on under a new key.
        update_session_auth_hash(request, changed)
        messages.success(request, _("Your password is saved. Other devices are signed out."))
        return redirect("accounts:my_page")

    return form_page(
        request,
        "accounts/password.html",
        forms.NewPasswordForm,
        act=act,
        context={"has_one": has_one, "proven": proven, "account": account},
        form_id="password",
        ask_current=not proven,
    )


@private_page
@require_http_methods(_FORM)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what one is invited to; accept it signed in with the invited address."""
    found = access_invitation(token)
    account = current_account(request)
    if request.method == "POST":
        if account is None:
            raise SignInNeeded
        accept_invitation(invitation=found, account=account)
        messages.success(request, _("Welcome. The role is yours now."))
        return redirect("accounts:my_page")
    fits = account is not None and account.email_canonical == found.email_canonical
    context = {
        "invitation": found,
        "account": account,
        "fits": fits,
        "sign_in": sign_in_address(request.path),
    }
    return render(request, "accounts/invitation.html", context)


@signed_in
@require_safe
def own_data(request: HttpRequest, account: Account) -> HttpResponse:
    """Everything we hold about the account, to read."""
    data = export.export_of(account)
    sections = [
        {"title": title, "entries": entries(data[name])} for name, title in export.titles().items()
    ]
    context = {
        "account": account,
        "sections": sections,
        "language_name": dict(forms.LANGUAGE_CHOICES)[account.language],
        "grants": account.grants.select_related("bureau").order_by("pk"),
        "invitations": export.invitations_of(account),
    }
    return render(request, "accounts/own-data.html", context)


@signed_in
@require_safe
def own_data_file(request: HttpRequest, account: Account) -> HttpResponse:
    """The same as a JSON file."""
    body = json.dumps(export.export_of(account), ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="kaifong-my-data.json"'
    return response


@signed_in
@require_http_methods(_FORM)
def close(request: HttpRequest, account: Account) -> HttpResponse:
    """Close the account for good; only from a session that began just now."""
    if not sessions.is_fresh(request):
        return render(request, "accounts/not-fresh.html", {"why": "close"}, status=403)

    def act(form: forms.CloseForm) -> HttpResponse:
        close_account(account=account)
        sessions.end_session(request)
        return redirect("accounts:closed")

    return form_page(
        request,
        "accounts/close.html",
        forms.CloseForm,
        act=act,
        context={"account": account, "holds_roles": policies.holds_roles(account)},
        form_id="close",
    )


@private_page
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The page after an account has been closed."""
    return render(request, "accounts/closed.html")
