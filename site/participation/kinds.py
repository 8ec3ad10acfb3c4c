"""Rooms keep rows beside an entry of the register; here they hear when the entry changes.

A room calls ``on_change("statement", follow_it)`` in ``AppConfig.ready()``; the function is called
inside the transaction that changed the entry, after the entry was written. A room whose entries
are more than a text says by ``on_receipt`` how its part of the receipt is shown.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from participation.models import Contribution


@dataclass(frozen=True, slots=True)
class Kind:
    """What the register must know of a kind of entry; rooms register those of their own.

    ``title`` names one entry, ``titles`` many, ``among`` says how many of a sum are of the kind;
    ``plural`` is the key of that figure. ``verb`` is what a phase opens for it, ``limit`` the name
    in the table of limits, ``edits`` whether its author may write new versions (people have voted
    on a statement, so its words stand; a response has its own way).
    ``more_time`` says until when one entry's author may go on although its verb has closed,
    ``writes_too`` who else writes an entry on besides its author (never: withdraws it).
    """

    name: str
    title: str | Promise
    titles: str | Promise
    among: str | Promise
    plural: str
    verb: str
    limit: str
    edits: bool = False
    text_limit: int = 4000
    more_time: Callable[[Contribution], dt.datetime | None] | None = None
    writes_too: Callable[[Contribution, Person], bool] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called from ``AppConfig.ready()``. Two kinds of one name raise."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"The kind '{kind.name}' is known already.")
    _kinds[kind.name] = kind


def find(name: str) -> Kind:
    """The kind of this name; KeyError for one that no room has registered."""
    return _kinds[name]


def names() -> list[str]:
    """All kinds, the ground's first."""
    return list(_kinds)


def title(name: str) -> str | Promise:
    """What one entry of the kind is called; the bare name where its room is not there."""
    return _kinds[name].title if name in _kinds else name


def titles(name: str) -> str | Promise:
    """What many entries of the kind are called; the bare name where its room is not there."""
    return _kinds[name].titles if name in _kinds else name


def figure_label(plural: str) -> str | Promise:
    """'of which comments' by the figure's key; '' for what is no kind's figure."""
    return next((kind.among for kind in _kinds.values() if kind.plural == plural), "")


register(
    Kind(
        "comment",
        _("Comment"),
        pgettext_lazy("entries", "Comments"),
        _("of which comments"),
        "comments",
        verb="comment",
        limit="comment",
        edits=True,
    )
)
register(
    Kind(
        "response",
        _("Response"),
        pgettext_lazy("entries", "Responses to the questions"),
        _("of which responses"),
        "responses",
        verb="answer",
        limit="comment",
    )
)
register(
    Kind(
        "statement",
        _("Statement"),
        pgettext_lazy("entries", "Proposed statements"),
        _("of which proposed statements"),
        "statements",
        verb="statement",
        limit="propose_statement",
    )
)

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
