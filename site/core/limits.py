"""How often something may be done. One table in the settings names every action's limit.

Counts are atomic additions in the cache over fixed windows; keys are hashed, so that the cache
holds no address and no e-mail. When the cache is down, votes and comments stay open, sign-in
codes and passwords close (``strict``), because guessing is worse than waiting.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import Promise

from core import clock
from core.exceptions import TooMany

logger = logging.getLogger(__name__)


class UnknownLimit(LookupError):
    """The action is not in the table: a mistake of the programmer, so it is raised."""


def _table() -> dict[str, tuple[tuple[int, int], ...]]:
    table: dict[str, tuple[tuple[int, int], ...]] = settings.KAIFONG_LIMITS
    return table


def _is_strict(name: str) -> bool:
    return name in getattr(settings, "KAIFONG_STRICT_LIMITS", ())


def _cache_key(name: str, key: object, seconds: int, window: int) -> str:
    named = f"{name}\x1f{type(key).__name__}\x1f{key}\x1f{seconds}\x1f{window}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), named, hashlib.sha256).hexdigest()
    return f"limit:{digest}"


def _count_up(key: str, seconds: int) -> int:
    # Two tries: the counter may expire between the two calls.
    for _attempt in range(2):
        if cache.add(key, 1, timeout=seconds + 60):
            return 1
        try:
            return int(cache.incr(key))
        except ValueError:
            continue
    return 1


def spend(name: str, *keys: object, strict: bool | None = None) -> None:
    """Count one attempt of the action ``name`` for each key (``None`` keys are left out).

    Raises ``TooMany`` (with ``retry_after``) when a window of a key is full, ``UnknownLimit`` for
    a name that is not in ``KAIFONG_LIMITS``. ``strict`` overrides what the settings say about a
    cache that does not answer.
    """
    try:
        windows = _table()[name]
    except KeyError:
        raise UnknownLimit(f"'{name}' is not in KAIFONG_LIMITS.") from None
    moment = clock.now().timestamp()
    for key in keys:
        if key is None or key == "":
            continue
        for count, seconds in windows:
            window = int(moment // seconds)
            try:
                spent = _count_up(_cache_key(name, key, seconds, window), seconds)
            except Exception:
                logger.exception("The limit store does not answer.", extra={"limit": name})
                if _is_strict(name) if strict is None else strict:
                    raise TooMany(retry_after=60, code="limit_store_down") from None
                return
            if spent > count:
                logger.info("A limit is spent.", extra={"limit": name, "window": seconds})
                raise TooMany(
                    retry_after=int((window + 1) * seconds - moment) + 1, data={"limit": name}
                )


def within(name: str, key: object, *, most: int, seconds: int) -> bool:
    """Count one more of a key and say whether it is among the first ``most`` since the first of
    ``seconds`` ago. For what is looked at beyond a number, and refused to nobody: it never raises,
    and what cannot be counted is within."""
    try:
        return _count_up(_cache_key(name, key, seconds, 0), seconds) <= most
    except Exception:
        logger.exception("The limit store does not answer.", extra={"limit": name})
        return True


@contextmanager
def at_once(
    name: str, key: object, *, most: int, seconds: int, busy: str | Promise | None = None
) -> Iterator[None]:
    """Hold one of ``most`` places of a key while something that takes long is done.

    Raises ``TooMany`` with the sentence ``busy`` when all are taken. The place of a process that
    died is free again after ``seconds``. When the cache does not answer, everybody may.
    """
    held = ""
    try:
        names = [_cache_key(f"{name}:{place}", key, seconds, 0) for place in range(most)]
        held = next((each for each in names if cache.add(each, 1, timeout=seconds)), "")
    except Exception:
        logger.exception("The limit store does not answer.", extra={"limit": name})
    else:
        if not held:
            logger.info("All places are taken.", extra={"limit": name})
            raise TooMany(busy, retry_after=2, data={"limit": name})
    try:
        yield
    finally:
        if held:
            try:
                cache.delete(held)
            except Exception:
                # It ends by itself.
                logger.exception("The limit store does not answer.", extra={"limit": name})


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    candidate = text.strip().strip('"')
    if candidate.startswith("["):
        candidate = candidate[1:].partition("]")[0]
    elif candidate.count(":") == 1:
        candidate = candidate.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(candidate.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def address(request: HttpRequest | Any) -> str:
    """The key of the network address a request came from.

    Only the hops we run ourselves are believed: with ``TRUSTED_PROXY_HOPS = n`` it is the n-th
    address from the right of X-Forwarded-For, with 0 (the default) the header is not read at all.
    IPv6 is keyed by its /64, because one household has a whole one.
    """
    found = _parse(request.META.get("REMOTE_ADDR") or "")
    hops = int(getattr(settings, "TRUSTED_PROXY_HOPS", 0))
    if hops > 0:
        forwarded = (request.META.get("HTTP_X_FORWARDED_FOR") or "")[-2000:].split(",")
        if len(forwarded) >= hops:
            found = _parse(forwarded[-hops]) or found
    if found is None:
        return "address:unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return f"address:{ipaddress.ip_network((found, 64), strict=False)}"
    return f"address:{found}"
