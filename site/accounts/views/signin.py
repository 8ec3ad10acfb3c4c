"""Signing in and out. The e-mail code comes first; a password is the second way."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import forms, sessions
from accounts.access import current_account
from accounts.actions import confirm_code, note_sign_out, request_code, sign_in_by_password
from accounts.models import Account
from accounts.safety import safe_next
from accounts.views.common import private_page
from core import limits
from core.form_pages import form_page
from core.middleware import keep_language


def _language() -> str:
    return get_language() or "en"


def _wanted(request: HttpRequest) -> str:
    source = request.POST if request.method == "POST" else request.GET
    return safe_next(source.get("next", ""))


def _enter(request: HttpRequest, account: Account, by: str, next_path: str) -> HttpResponse:
    chose = sessions.chose_language(request)
    sessions.start_session(request, account, by=by)
    response = HttpResponseRedirect(safe_next(next_path) or reverse("accounts:my_page"))
    if not chose:
        # Who came by a mail's link has chosen nothing yet. Pages outside the languages (the CMS)
        # would ask the browser, and speak to them in another language than this page did.
        keep_language(response, _language())
    return response


def _already(request: HttpRequest) -> HttpResponse | None:
    account = current_account(request)
    if account is None or request.method == "POST":
        return None
    # No redirect: the CMS sends people here whom it does not let in, and would again. What it said
    # about that is this page's matter, not the next one's.
    list(messages.get_messages(request))
    context = {"account": account, "next": _wanted(request)}
    return render(request, "accounts/signed-in.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and mail a code."""
    already = _already(request)
    if already is not None:
        return already
    next_path = _wanted(request)

    def act(form: forms.EmailForm) -> HttpResponse:
        email = form.cleaned_data["email"].strip()
        row = request_code(
            email=email,
            network=limits.address(request),
            language=_language(),
            path=reverse("accounts:sign_in_code"),
        )
        sessions.keep_step(request, handle=row.handle, email=email, next_path=next_path)
        return redirect("accounts:sign_in_code")

    return form_page(
        request,
        "accounts/sign-in.html",
        forms.EmailForm,
        act=act,
        context={"next": next_path, "for_staff": next_path.startswith("/cms/")},
        form_id="sign-in",
        initial={"next": next_path},
    )


@private_page
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the code and sign in; without a sign-in begun in this session, begin one."""
    step = sessions.step(request)
    if step is None:
        return redirect("accounts:sign_in")

    def act(form: forms.CodeForm) -> HttpResponse:
        account = confirm_code(
            handle=step["handle"],
            code=form.cleaned_data["code"],
            network=limits.address(request),
            language=_language(),
            chose_language=sessions.chose_language(request),
        )
        return _enter(request, account, "code", step["next"])

    return form_page(
        request,
        "accounts/sign-in-code.html",
        forms.CodeForm,
        act=act,
        context={"email": step["email"], "next": step["next"]},
        form_id="code",
    )


@private_page
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Mail a new code to the address of the sign-in that has begun."""
    step = sessions.step(request)
    if step is None:
        return redirect("accounts:sign_in")
    row = request_code(
        email=step["email"],
        network=limits.address(request),
        language=_language(),
        path=reverse("accounts:sign_in_code"),
    )
    sessions.keep_step(request, handle=row.handle, email=step["email"], next_path=step["next"])
    messages.success(request, _("A new code is on its way. Use the newest one."))
    return redirect("accounts:sign_in_code")


@private_page
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_password(request: HttpRequest) -> HttpResponse:
    """Sign in by password."""
    already = _already(request)
    if already is not None:
        return already
    next_path = _wanted(request)

    def act(form: forms.PasswordSignInForm) -> HttpResponse:
        account = sign_in_by_password(
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            network=limits.address(request),
            language=_language(),
            chose_language=sessions.chose_language(request),
        )
        return _enter(request, account, "password", next_path)

    return form_page(
        request,
        "accounts/sign-in-password.html",
        forms.PasswordSignInForm,
        act=act,
        context={"next": next_path},
        form_id="sign-in",
        initial={"next": next_path},
    )


@private_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and go home; pressing it twice is fine."""
    account = current_account(request)
    if account is not None:
        note_sign_out(account=account)
    sessions.end_session(request)
    return HttpResponseRedirect(f"/{_language()}/")
