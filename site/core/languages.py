"""Which language a request is in: by its address, else by the kept choice, else by the browser."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

# Browsers name Chinese in many ways; script first, then region, bare zh is Traditional here.
_SIMPLIFIED = ("zh-hans", "zh-cn", "zh-sg", "zh-my")


def language_of_path(path: str) -> str | None:
    """The language an address begins with, or None."""
    first = path.lstrip("/").split("/", 1)[0]
    return first if first in dict(settings.LANGUAGES) else None


def language_of_header(header: str) -> str:
    """The first language of Accept-Language that the platform speaks, else English."""
    for code, quality in parse_accept_lang_header(header.lower()[:500]):
        if quality <= 0:
            continue
        if code.startswith("zh"):
            return "zh-hans" if code.startswith(_SIMPLIFIED) else "zh-hant"
        if code.startswith("yue"):
            return "zh-hant"
        if code.startswith("en"):
            return "en"
    return "en"


def chosen_language(request: HttpRequest) -> str:
    """The kept choice; on a first visit what the browser asks for."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in dict(settings.LANGUAGES):
        return kept
    return language_of_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
