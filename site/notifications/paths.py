"""Addresses in notices: inside our site only, in the recipient's language, absolute in mails."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.conf import settings

from core.texts import LANGUAGES, pick

# What exists once, outside the languages.
_WITHOUT_LANGUAGE = ("/cms/", "/documents/", "/media/", "/static/", "/dev/", "/healthz", "/ws/")
_PLAIN = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\<>\"]*\Z")
PATH_MAXIMUM = 300


def localised(path: str | Mapping[str, str], language: str) -> str:
    """The path for a reader of ``language``; ``""`` stays empty.

    ``path`` is one path (``/receipts/…/`` or ``/en/receipts/…/``: the language is put in front or
    exchanged) or a dict of paths by language as engagements keep them. Raises ValueError for
    anything that could lead off our site or break a header.
    """
    text = path if isinstance(path, str) else pick(path, language).text
    if not text:
        return ""
    if not _PLAIN.match(text) or len(text) > PATH_MAXIMUM - 10:
        raise ValueError("A notice links to a path of our own site.")
    if not isinstance(path, str) or text.startswith(_WITHOUT_LANGUAGE):
        return text
    first, _slash, rest = text[1:].partition("/")
    if first in LANGUAGES:
        return f"/{language}/{rest}"
    return f"/{language}{text}"


def absolute(path: str) -> str:
    """The address with scheme and host, for mails; from ``SITE_URL``, never from a request."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
