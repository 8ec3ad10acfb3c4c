"""Rooms keep rows beside an entry of the register; here they hear when the entry changes.

A room calls ``on_change("statement", follow_it)`` in ``AppConfig.ready()``; the function is called
inside the transaction that changed the entry, after the entry was written. A room whose entries
are more than a text says by ``on_receipt`` how its part of the receipt is shown.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from participation.models import Contribution

Follower = Callable[[Contribution], None]
#: What a receipt shows of an entry instead of its text: ``part`` is a template's name, the rest
#: its context. The flag says whether the reader is the entry's signed-in author.
Shower = Callable[[HttpRequest, Contribution, bool], dict[str, Any]]

_followers: dict[str, list[Follower]] = {}
_showers: dict[str, Shower] = {}


def on_receipt(kind: str, shower: Shower) -> None:
    """Let a room show its own part on the receipts of its kind; the last one named counts."""
    _showers[kind] = shower


def receipt_part(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """The context of that part; empty for kinds whose entry is its text."""
    shower = _showers.get(contribution.kind)
    return shower(request, contribution, own) if shower else {}


def on_change(kind: str, follower: Follower) -> None:
    """Call ``follower(contribution)`` whenever an entry of this kind changes its state or text."""
    known = _followers.setdefault(kind, [])
    if follower not in known:
        known.append(follower)


def tell(contribution: Contribution) -> None:
    """Called by the register's actions after each write."""
    for follower in _followers.get(contribution.kind, []):
        follower(contribution)
