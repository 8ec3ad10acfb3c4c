"""Who holds how many sockets open, counted in the cache that all processes share.

A network address has a few numbered seats, each a key of the cache that only one socket can add.
A seat ends by itself unless it is kept, so what a killed process held is free again within
``SEAT`` seconds. Keys are digests: the cache holds no address.
"""

from __future__ import annotations

import hashlib
import hmac
import logging

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

#: Sockets one network address may hold open; whole estates share addresses, so the page that is
#: refused polls instead.
PER_SOURCE = 5
#: Seconds a seat is held without being kept, and how often an open socket keeps its own.
SEAT, KEEP_EVERY = 180, 60


class NoSeat(Exception):
    """All seats of the address are taken."""


def _key(source: str, number: int) -> str:
    named = f"socket\x1f{source}\x1f{number}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), named, hashlib.sha256).hexdigest()
    return f"seat:{digest}"


def take(source: str, holder: str) -> str:
    """A seat for a socket, to be kept and given back by its name. Raises NoSeat.

    "" where the cache does not answer: a page's live numbers are not worth a closed door.
    """
    try:
        for number in range(PER_SOURCE):
            key = _key(source, number)
            if cache.add(key, holder, timeout=SEAT):
                return key
    except Exception:
        logger.exception("The store of open sockets does not answer.")
        return ""
    raise NoSeat


def keep(seat: str, holder: str) -> None:
    """Hold a seat for another while; one that ran out is taken again if nobody else did."""
    try:
        if seat and not cache.touch(seat, SEAT):
            cache.add(seat, holder, timeout=SEAT)
    except Exception:
        logger.exception("The store of open sockets does not answer.")


def leave(seat: str, holder: str) -> None:
    """Free a seat, if it is still this socket's."""
    try:
        if seat and cache.get(seat) == holder:
            cache.delete(seat)
    except Exception:
        logger.exception("The store of open sockets does not answer.")


def taken(source: str) -> int:
    """How many seats of an address are held now."""
    return len(cache.get_many([_key(source, number) for number in range(PER_SOURCE)]))
