"""Addresses that fail in every way a view can fail; only for test_errors."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from core import exceptions

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"

RAISED: dict[str, Any] = {
    "invalid": lambda: exceptions.Invalid("Use fewer words."),
    "refused": lambda: exceptions.Refused("Only the author may do this."),
    "sign-in": exceptions.SignInNeeded,
    "absent": exceptions.Absent,
    "conflict": lambda: exceptions.Conflict("Somebody decided already."),
    "closed": lambda: exceptions.Closed("This closed yesterday."),
    "too-many": lambda: exceptions.TooMany(retry_after=42),
    "too-large": exceptions.TooLarge,
    "gone": lambda: exceptions.DomainError("This was taken down.", code="gone", status=410),
    "404": lambda: Http404("secret detail"),
    "403": lambda: PermissionDenied("secret detail"),
    "400": lambda: SuspiciousOperation("secret detail"),
    "500": lambda: RuntimeError("secret detail"),
}


@csrf_exempt
def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise what the address names."""
    raise RAISED[kind]()


@csrf_exempt
def read(request: HttpRequest) -> HttpResponse:
    """Read the body, as every form does."""
    return HttpResponse(request.POST.get("text", ""))


def guarded(request: HttpRequest) -> HttpResponse:
    """A form that needs its token."""
    return HttpResponse(render_to_string("errors/plain-500.html"))


urlpatterns = [
    path("en/fail/<slug:kind>/", fail),
    path("zh-hant/fail/<slug:kind>/", fail),
    path("zh-hans/fail/<slug:kind>/", fail),
    path("en/read/", read),
    path("zh-hant/guarded/", guarded),
]
