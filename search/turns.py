"""Whose turn it is to search: how often, and how many long questions at once (S8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import limits
from search.analysis import SENTENCE, read_query

#: Long questions of one address that are looked up at the same time.
AT_ONCE = 2
#: A place is free again after so long, whatever became of whoever held it.
LONGEST = 10


@contextmanager
def turn(request: HttpRequest, text: str) -> Iterator[None]:
    """One search for this reader; each way to search begins with it.

    A question of a few words takes a few thousandths of a second. A long one takes a hundred times
    that, so of those only ``AT_ONCE`` of one address are answered at a time. Raises ``TooMany``.
    """
    address = limits.address(request)
    limits.spend("search", address)
    if sum(len(term.parts()) for term in read_query(text).terms) < SENTENCE:
        yield
        return
    with limits.at_once(
        "search_at_once",
        address,
        most=AT_ONCE,
        seconds=LONGEST,
        busy=_("Long searches from your network are still running. Try again in a few seconds."),
    ):
        yield
