"""Middleware of the ground: clock, language, security headers, errors in the reader's words."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from core import views
from core.again import is_passing
from core.clock import ClockMiddleware
from core.exceptions import DomainError, Overtaken
from core.languages import chosen_language, language_of_path

__all__ = [
    "ClockMiddleware",
    "DomainErrorMiddleware",
    "LanguageChoiceMiddleware",
    "LanguageMiddleware",
    "SecurityPolicyMiddleware",
]

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# GovHK's folder names, still typed and linked everywhere.
OLD_PREFIXES = {"tc": "zh-hant", "sc": "zh-hans"}
# Addresses that exist once, outside the languages.
UNPREFIXED = {"cms", "healthz", "dev", "static", "media", "ws", "documents", "api"}
UNPREFIXED |= {"robots.txt", "sitemap.xml"}
#: Of an address. Forms may have more fields: a long paper is one.
MOST_PARAMETERS = 1000


class LanguageMiddleware:
    """The address decides the language; only ``/`` and addresses without one look further.

    Public pages must be the same bytes for everyone (decision 8), so neither the cookie nor
    Accept-Language changes a page that has a language in its address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language and answer."""
        if _has_nul(request) or _has_too_many_fields(request):
            # PostgreSQL refuses NUL in any text: without this a lookup would end as a 500. So would
            # an error page that reads a query which cannot be read: it is shown without one.
            request.GET = QueryDict()
            with translation.override(language_of_path(request.path_info) or "en"):
                return views.bad_request(request)
        first, _slash, rest = request.path_info.lstrip("/").partition("/")
        if first in OLD_PREFIXES:
            query = request.META.get("QUERY_STRING", "")
            target = f"/{OLD_PREFIXES[first]}/{rest}{'?' + query if query else ''}"
            return HttpResponsePermanentRedirect(target)
        prefixed = language_of_path(request.path_info)
        language = prefixed or chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if prefixed is None and self._should_prefix(request, first, response):
                response = HttpResponseRedirect(f"/{language}{request.get_full_path()}")
                patch_vary_headers(response, ["Accept-Language", "Cookie"])
                patch_cache_control(response, private=True)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _should_prefix(request: HttpRequest, first: str, response: HttpResponseBase) -> bool:
        return (
            response.status_code == 404
            and request.method in {"GET", "HEAD"}
            and first not in UNPREFIXED
        )


class LanguageChoiceMiddleware:
    """Remembers the language a reader has moved to. Must stand before the page cache: the kept
    page is everybody's, the cookie beside it is this reader's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and keep a changed choice in the cookie."""
        response = self.get_response(request)
        language = language_of_path(request.path_info)
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language and kept and kept != language:
            # Such an answer is private; its body is still the same for everyone.
            keep_language(response, language)
            patch_cache_control(response, private=True)
        return response


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Keep the reader's language for a year; the cookie holds nothing else."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _has_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    raw = query.encode("latin-1", "replace") if isinstance(query, str) else query
    if "\x00" in request.path_info or b"\x00" in unquote_to_bytes(raw):
        return True
    # A quoted cookie value may spell it: sessionid="\000".
    return any("\x00" in value for value in request.COOKIES.values())


def _has_too_many_fields(request: HttpRequest) -> bool:
    return request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS


PUBLIC_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Wagtail's own screens use inline script and style (wagtail#1288), so the CMS has its own
# policy; page previews are answered below /cms/ and may be framed by it alone.
CMS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


class SecurityPolicyMiddleware:
    """Security headers by path: strict on public pages, a policy of its own for the CMS.

    A preview runs this class twice, inside with the page's address and outside with the CMS's;
    the outer one decides, so headers are set, not defaulted.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then set the headers."""
        response = self.get_response(request)
        in_cms = request.path.startswith("/cms/")
        policy, framing = (CMS_POLICY, "SAMEORIGIN") if in_cms else (PUBLIC_POLICY, "DENY")
        # A view of ours may bring its own (policy, framing): the reader of sent mail does.
        policy, framing = getattr(response, "security_policy", (policy, framing))
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Frame-Options"] = framing
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        return response


class DomainErrorMiddleware:
    """Whatever rule an action refused by becomes a page with its status and a way on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the work is in :meth:`process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into a page or problem JSON; anything else is a fault and stays one.

        Django's own refusals are answered here too, so that a newcomer who runs the platform in
        development sees the pages citizens will see.
        """
        if isinstance(error, DomainError):
            return views.refusal(request, error)
        if is_passing(error):
            # A button without a form page, or what a page with one does besides.
            return views.refusal(request, Overtaken())
        if isinstance(error, Http404):
            return views.page_not_found(request, error)
        if isinstance(error, PermissionDenied):
            return views.permission_denied(request, error)
        if isinstance(error, SuspiciousOperation | BadRequest):
            return views.bad_request(request, error)
        return None
