"""Public pages kept by the application: the same bytes for everybody (decision 8).

A view that serves such a page calls ``keep(response, tags=..., until=...)``. The middleware, which
stands before sessions and languages, then answers the next readers without the view, until one of
the tags is purged, ``until`` passes (the next moment at which the page would read differently by
time alone), or ``MAXIMUM`` seconds are over.

Only what was marked is kept, and only when it is a 200 to a GET that sets no cookie and holds no
form token: a page with a reader's state in it cannot slip in by mistake.
"""

import datetime as dt
import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.connection import ConnectionProxy

logger = logging.getLogger(__name__)
#: Shared by every process that serves or changes the platform, commands among them.
cache = ConnectionProxy(caches, "pages")

MAXIMUM = 60
#: Pages a process holds in its own memory besides the shared cache (``PAGE_CACHE_NEAR_SECONDS``).
NEAR_PAGES = 200
#: Query parameters that choose what a public page shows; any other is ignored by none of them,
#: so a page asked for with an unknown one is simply not kept.
KNOWN_PARAMETERS = frozenset(
    {"chapter", "state", "bureau", "q", "page", "sort", "on", "lang"}
    | {"question", "capacity", "option"}
    | {"category", "tag", "district", "status", "seed"}
    | {"kind", "topic", "date", "language"}
)
_LONGEST_QUERY = 300
_PREFIX = "kaifong-page:"
_TAG_PREFIX = "kaifong-tag:"
#: Moved by every purge: tells a page that is being rendered that something changed meanwhile.
_ANY = "*"
#: A new one at each purge by this process: pages trusted before it are asked about again.
_last_purge = object()
# Headers that belong to one answer, not to the page.
_NOT_KEPT = frozenset({"set-cookie", "vary", "date", "server"})


@dataclass
class _Mark:
    tags: tuple[str, ...]
    seconds: int


def keep(
    response: HttpResponse,
    *,
    tags: Iterable[str],
    now: dt.datetime,
    until: dt.datetime | None = None,
) -> HttpResponse:
    """Mark a response to be kept, and return it. ``now`` and ``until`` are aware instants."""
    seconds = MAXIMUM
    if until is not None:
        seconds = min(seconds, int((until - now).total_seconds()))
    if seconds > 0:
        cast(Any, response).kaifong_keep = _Mark(tuple(tags), seconds)
    return response


def purge(*tags: str) -> None:
    """Let no page with one of these tags be served again, once the transaction has committed."""

    def drop() -> None:
        global _last_purge  # noqa: PLW0603
        # Before and after: whoever asks meanwhile trusts neither answer.
        _last_purge = object()
        for tag in (*tags, _ANY):
            try:
                cache.set(_TAG_PREFIX + tag, secrets.token_hex(8), None)
            except Exception:
                # A cache that is down serves nothing stale: reading it fails the same way.
                logger.exception("The page cache could not be purged of %s.", tag)
        _last_purge = object()

    transaction.on_commit(drop)


def _key(request: HttpRequest) -> str | None:
    """Where the page of this request is kept, or None when it may not be."""
    if request.method not in {"GET", "HEAD"}:
        return None
    query = request.META.get("QUERY_STRING", "")
    if len(query) > _LONGEST_QUERY or not set(request.GET) <= KNOWN_PARAMETERS:
        return None
    parts = (request.get_host(), request.scheme or "", request.path, query)
    return _PREFIX + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _versions(tags: Iterable[str]) -> dict[str, str]:
    """The version of each tag: random, so that one the cache forgot never comes back."""
    found: dict[str, str] = cache.get_many([_TAG_PREFIX + tag for tag in tags])
    return {tag: found.get(_TAG_PREFIX + tag, "") for tag in tags}


def _settled(tags: Iterable[str]) -> dict[str, str]:
    """The same, each tag that has no version given one: "" would match after a forgotten purge."""
    versions = _versions(tags)
    for tag, version in versions.items():
        if not version:
            cache.add(_TAG_PREFIX + tag, secrets.token_hex(8), None)
    return versions if all(versions.values()) else _versions(versions)


def _current(entry: dict[str, Any]) -> bool:
    """Whether no tag of a kept page was purged since."""
    return _versions(entry["versions"]) == entry["versions"]


@dataclass(frozen=True, slots=True)
class _Held:
    """A page in this process's memory, until when, and what was known when its tags were asked."""

    entry: dict[str, Any]
    until: float
    asked: float
    purge: object


class _Near:
    """The hottest pages in this process's memory: a shared cache is then asked for tags alone.

    A page stays for a second or so (``PAGE_CACHE_NEAR_SECONDS``; 0, where the store is near
    anyway, holds none), since its own end by time is known to the shared cache only. What was found
    unpurged is not asked about again for ``PAGE_CACHE_ASK_SECONDS``: so long at most may a text be
    read on that another process has withheld. A purge by this process counts at once.
    """

    def __init__(self, seconds: float, ask: float) -> None:
        self._seconds, self._ask = seconds, ask
        self._pages: dict[str, _Held] = {}

    def get(self, key: str) -> _Held | None:
        held = self._pages.get(key)
        return held if held is not None and held.until > time.monotonic() else None

    def is_trusted(self, held: _Held) -> bool:
        """Whether the tags were found unpurged so recently that they need not be asked for."""
        return held.purge is _last_purge and time.monotonic() < held.asked + self._ask

    def put(self, key: str, entry: dict[str, Any], asked: float, purge: object) -> None:
        """Hold a page anew. ``asked`` and ``purge`` were read before its tags were."""
        if not self._seconds:
            return
        if len(self._pages) >= NEAR_PAGES:
            self._pages = {}
        self._pages[key] = _Held(entry, time.monotonic() + self._seconds, asked, purge)

    def renew(self, key: str, held: _Held, asked: float, purge: object) -> None:
        """The tags of a held page were found unpurged again; it stays no longer than before."""
        self._pages[key] = _Held(held.entry, held.until, asked, purge)


class PageCacheMiddleware:
    """Serves kept pages and keeps marked ones. Must stand before the session middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._near = _Near(settings.PAGE_CACHE_NEAR_SECONDS, settings.PAGE_CACHE_ASK_SECONDS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        kept = self._find(key)
        if kept is not None:
            return kept
        # Read before the view reads: a purge while it renders must win. Tags are known only after
        # rendering, so the one that every purge moves is compared.
        before = self._purges()
        response = self.get_response(request)
        mark: _Mark | None = getattr(response, "kaifong_keep", None)
        if mark is not None and before is not None and _may_keep(request, response):
            self._store(key, response, mark, before)
        return response

    def _purges(self) -> str | None:
        try:
            return _settled([_ANY])[_ANY]
        except Exception:
            logger.exception("The page cache could not be read.")
            return None

    def _find(self, key: str) -> HttpResponse | None:
        try:
            entry = self._entry(key)
        except Exception:
            logger.exception("The page cache could not be read.")
            return None
        if entry is None:
            return None
        response = HttpResponse(entry["body"], content_type=entry["type"])
        for name, value in entry["headers"]:
            response[name] = value
        # CommonMiddleware, which sets it, stands behind this one.
        response["Content-Length"] = str(len(entry["body"]))
        return response

    def _entry(self, key: str) -> dict[str, Any] | None:
        held = self._near.get(key)
        if held is not None and self._near.is_trusted(held):
            return held.entry
        asked, purge = time.monotonic(), _last_purge
        if held is not None and _current(held.entry):
            self._near.renew(key, held, asked, purge)
            return held.entry
        # Purged since, or never seen here: another process may have the new one.
        entry: dict[str, Any] | None = cache.get(key)
        if entry is None or not _current(entry):
            return None
        self._near.put(key, entry, asked, purge)
        return entry

    def _store(self, key: str, response: HttpResponse, mark: _Mark, before: str) -> None:
        try:
            versions = _settled((*mark.tags, _ANY))
            if versions.pop(_ANY) != before:
                return
            cache.set(
                key,
                {
                    "body": response.content,
                    "type": response.headers.get("Content-Type", "text/html; charset=utf-8"),
                    "headers": [
                        (name, value)
                        for name, value in response.items()
                        if name.lower() not in _NOT_KEPT | {"content-type", "content-length"}
                    ],
                    "versions": versions,
                },
                mark.seconds,
            )
        except Exception:
            logger.exception("The page cache could not be written.")


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and request.method == "GET"
        and not response.streaming
        and not response.cookies
        # A token in the page would be everybody's token.
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and b"csrfmiddlewaretoken" not in response.content
    )
