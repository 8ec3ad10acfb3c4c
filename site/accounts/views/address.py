"""Changing the e-mail address: the new one first, then the code that was sent to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import forms, sessions
from accounts.actions import change_email, request_email_change
from accounts.models import Account
from accounts.views.common import signed_in
from core import limits
from core.form_pages import form_page

_FORM = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(_FORM)
def email(request: HttpRequest, account: Account) -> HttpResponse:
    """Ask for the new address and mail a code to it; only from a session that began just now."""
    if not sessions.is_fresh(request):
        return render(request, "accounts/not-fresh.html", {"why": "email"}, status=403)

    def act(form: forms.NewEmailForm) -> HttpResponse:
        typed = form.cleaned_data["email"].strip()
        row = request_email_change(
            account=account,
            email=typed,
            network=limits.address(request),
            language=get_language() or "en",
            path=reverse("accounts:email_code"),
        )
        sessions.keep_change(request, account=account, handle=row.handle, email=typed)
        return redirect("accounts:email_code")

    return form_page(
        request,
        "accounts/email.html",
        forms.NewEmailForm,
        act=act,
        context={"account": account},
        form_id="email",
    )


@signed_in
@sensitive_post_parameters("code")
@require_http_methods(_FORM)
def email_code(request: HttpRequest, account: Account) -> HttpResponse:
    """Take the code and change the address; a code asked for in another session is no use here."""
    begun = sessions.change(request, account)
    if begun is None:
        return redirect("accounts:email")

    def act(form: forms.EmailCodeForm) -> HttpResponse:
        change_email(
            account=account,
            handle=begun["handle"],
            code=form.cleaned_data["code"],
            network=limits.address(request),
        )
        sessions.drop_change(request)
        messages.success(
            request, _("Your e-mail address is changed. We have told the old address too.")
        )
        return redirect("accounts:my_page")

    return form_page(
        request,
        "accounts/email-code.html",
        forms.EmailCodeForm,
        act=act,
        context={"email": begun["email"]},
        form_id="code",
    )
