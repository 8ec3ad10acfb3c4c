"""The ground's own pages: the way in, health, errors, footer pages, components."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.exceptions import DomainError
from core.languages import chosen_language

# Names of the fields people write in; what they typed is never lost on an error page.
TYPED_FIELDS = ("text", "body", "statement")
# The day somebody last read the standard pages through and found them true.
ABOUT_REVIEWED = dt.date(2026, 11, 21)
ABOUT_PAGES = ("how", "rules", "notices", "privacy", "accessibility", "contact", "sitemap")


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Lead ``/`` to the reader's language: the kept one, on a first visit the browser's."""
    from core.middleware import keep_language

    language = chosen_language(request)
    response = HttpResponseRedirect(f"/{language}/")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, language)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; says nothing about anything else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


#: What no search engine needs: staff, forms and secrets. Nothing is hidden by this.
NOT_FOR_ROBOTS = (
    "/cms/",
    "/dev/",
    "/*/account/",
    "/*/moderation/",
    "/*/report/",
    "/*/receipts/",
    "/*/follow/",
    "/*/contributions/",
    "/*/e/*/comment/",
    "/*/e/*/follow/",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where search engines need not go, and where the site map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {request.scheme}://{request.get_host()}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the standard pages; written in each language, not translated string by string."""
    if slug not in ABOUT_PAGES:
        raise Http404
    context = {"slug": slug, "reviewed": ABOUT_REVIEWED}
    return render(request, f"core/about/{slug}.{get_language()}.html", context)


# --- errors -------------------------------------------------------------------------------------


def typed_text(request: HttpRequest) -> list[str]:
    """What the reader wrote in the request that failed; [] when it cannot be read."""
    if request.method != "POST":
        return []
    try:
        return [value for name in TYPED_FIELDS for value in request.POST.getlist(name) if value]
    except Exception:
        return []


def wants_json(request: HttpRequest) -> bool:
    """Whether the client asked for JSON: a script of ours, or an API client."""
    accept = request.headers.get("Accept", "")
    if request.path.startswith("/api/"):
        return True
    return request.path.endswith(".json") or ("json" in accept and "text/html" not in accept)


def _back(request: HttpRequest) -> str:
    """The page the reader came from, if it is ours; else home."""
    came_from = request.META.get("HTTP_REFERER", "")
    home = f"/{get_language() or settings.LANGUAGE_CODE}/"
    try:
        host = request.get_host()
    except Exception:
        return home
    if came_from and url_has_allowed_host_and_scheme(came_from, {host}):
        parts = urlsplit(came_from)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        # http://ours//evil.example/ is ours, //evil.example/ is not.
        return path if url_has_allowed_host_and_scheme(path, None) else home
    return home


def error_page(
    request: HttpRequest,
    status: int,
    *,
    title: str,
    message: str,
    code: str = "",
    data: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer an error: a page that keeps what was typed and shows a way on, or problem JSON."""
    if wants_json(request):
        problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": code or f"http-{status}",
            "detail": message,
            **({"data": data} if data else {}),
        }
        response = HttpResponse(
            json.dumps(problem, ensure_ascii=False, default=str),
            content_type="application/problem+json",
            status=status,
        )
    else:
        names = [f"errors/{status}.html", "errors/error.html"]
        context = {
            "status": status,
            "error_title": title,
            "message": message,
            "typed": typed_text(request),
            "back": _back(request),
            "data": data or {},
        }
        response = HttpResponse(_render_first(names, context, request), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _render_first(names: list[str], context: dict[str, Any], request: HttpRequest) -> str:
    for name in names:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            continue
        return render_to_string(name, context, request)
    raise TemplateDoesNotExist(names[-1])


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of a rule that said no, with the rule's own sentence."""
    titles = {
        401: _("Sign in to go on"),
        403: _("You cannot do this"),
        404: _("Page not found"),
        409: _("This has changed meanwhile"),
        413: _("That is too large"),
        422: _("Something needs changing"),
        429: _("Please wait a little"),
        503: _("This does not work at the moment"),
    }
    response = error_page(
        request,
        error.status,
        title=titles.get(error.status, _("This did not work")),
        message=str(error),
        code=error.code,
        data=error.data,
    )
    retry_after = getattr(error, "retry_after", None)
    if error.status in (429, 503) and retry_after is not None:
        response.headers["Retry-After"] = str(max(1, int(retry_after)))
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 for what cannot be read; 413 when only the size was wrong."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return error_page(
        request,
        400,
        title=_("This address or form cannot be read"),
        message=_("Something in the address or in what was sent is broken."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than a form may hold."""
    return error_page(
        request,
        413,
        title=_("That is too large"),
        message=_("What you sent is larger than this form can take. Shorten it and send it again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without saying what is behind the door."""
    return error_page(
        request,
        403,
        title=_("You cannot see this page"),
        message=_("Your account does not have the right to do this."),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: hidden and absent look the same."""
    return error_page(
        request,
        404,
        title=_("Page not found"),
        message=_(
            "There is no page at this address. It may have moved, or the link is incomplete."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without the database, and without the shell if even that fails."""
    try:
        return error_page(
            request,
            500,
            title=_("Sorry, something went wrong on our side"),
            message=_("Nothing you sent was counted twice. Please try again in a few minutes."),
        )
    except Exception:
        return HttpResponse(get_template("errors/plain-500.html").render({}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long or came from elsewhere: keep the text, say how to go on."""
    return error_page(
        request,
        403,
        title=_("This form was open for too long"),
        message=_("For your safety it was not sent. Go back, reload the page and send it again."),
        code="csrf",
    )
