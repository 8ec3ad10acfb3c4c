"""Sent mail in embedded mode, at /dev/mail/. Anywhere else these addresses do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from core.exceptions import Absent
from notifications.models import DevMail

A_PAGE = 50
#: The mail's own styles are inline, as in every mail; it runs nothing and loads nothing.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src 'self'; frame-ancestors 'none'"
)


def embedded_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 outside embedded mode, asked at each request; never cached."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.KAIFONG["EMBEDDED"]:
            raise Http404
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return wrapped


def _mail(public_id: str) -> DevMail:
    found = DevMail.objects.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


@embedded_only
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Sent mails, newest first; ``?to=`` narrows to a recipient."""
    rows = DevMail.objects.all()
    wanted = request.GET.get("to", "").strip()[:254]
    if wanted:
        rows = rows.filter(to__icontains=wanted)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/dev-mails.html", {"page": page, "to": wanted})


@embedded_only
@require_safe
def one_mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail: headers, plain text, and its HTML in a frame that can do nothing."""
    response = render(request, "notifications/dev-mail.html", {"mail": _mail(public_id)})
    response.security_policy = (PAGE_POLICY, "DENY")  # type: ignore[attr-defined]
    return response


@embedded_only
@require_safe
def mail_html(request: HttpRequest, public_id: str) -> HttpResponse:
    """The HTML of one mail, as a mail reader would show it."""
    mail = _mail(public_id)
    if not mail.html:
        raise Absent
    response = HttpResponse(mail.html)
    response.security_policy = (MAIL_POLICY, "SAMEORIGIN")  # type: ignore[attr-defined]
    return response
