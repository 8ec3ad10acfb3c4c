"""What all pages about people share: never cached, never indexed, signed in where needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from accounts.access import current_account
from accounts.models import Account
from core.again import again
from core.exceptions import SignInNeeded

View = Callable[..., HttpResponse]


def private_page(view: View) -> View:
    """Keep the answer out of every cache and every index (H1)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def sign_in_address(next_path: str = "") -> str:
    """The sign-in page of the active language, leading back to ``next_path``."""
    address = reverse("accounts:sign_in")
    return f"{address}?{urlencode({'next': next_path})}" if next_path else address


def signed_in(view: View) -> View:
    """Hand the account to the view; a reader is led to sign in, a write raises ``SignInNeeded``.

    A write that the database ended because of others is done again (``core.again``): most buttons
    have no form page that would do it. The view then begins anew, with what was sent.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account: Account | None = current_account(request)
        if account is None:
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(sign_in_address(request.get_full_path()))
            raise SignInNeeded
        if request.method in {"GET", "HEAD"}:
            return view(request, account, *args, **kwargs)
        return again(lambda: view(request, account, *args, **kwargs), request=request)

    return private_page(wrapped)
