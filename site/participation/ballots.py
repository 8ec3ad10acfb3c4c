"""Kinds of ballots: each room says when one of its ballots takes votes.

Participation knows what a vote is; only the room knows whether the thing voted on is published.
Rooms register from ``AppConfig.ready()``; a kind nobody registered is a mistake and raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.exceptions import Absent
from participation.models import Ballot, Engagement, Receipt

TakesVotes = Callable[[Ballot], bool]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice that was judged: the entry's keys and what was given to it."""

    entry_id: int
    public_id: str
    value: int


#: Judges choices as they came, by the entries' public ids; raises ``Invalid`` or ``Absent``.
Judge = Callable[[Ballot, Mapping[str, object]], list[Chosen]]
#: What the receipt of votes shows of a ballot with several choices; own: its voter looks.
ReceiptPart = Callable[[HttpRequest, Receipt, bool], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Kind:
    takes_votes: TakesVotes
    related: str
    judge: Judge | None = None
    engagements: str = ""
    receipt: ReceiptPart | None = None


_kinds: dict[str, _Kind] = {}


def register(kind: str, takes_votes: TakesVotes, *, related: str) -> None:
    """Say when a ballot of ``kind`` takes votes, apart from its engagement's phases.

    ``takes_votes`` is asked once a vote and reads the room's row, ``ballot.<related>``; the edge
    loads it with the ballot (``with_room_rows``). Registering the same function again changes
    nothing; another function for a known kind raises ValueError.
    """
    _register(kind, _Kind(takes_votes, related))


def register_choices(
    kind: str,
    takes_votes: TakesVotes,
    *,
    related: str,
    judge: Judge,
    engagements: str,
    receipt: ReceiptPart,
) -> None:
    """The same for ballots whose votes hold several choices (``participation.actions.choices``).

    Every engagement of the kind ``engagements`` has one such ballot at most and no other ballots,
    so that one head is one voter.
    """
    _register(kind, _Kind(takes_votes, related, judge, engagements, receipt))


def _register(name: str, kind: _Kind) -> None:
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"The ballot kind {name!r} is registered already.")


def with_room_rows(ballots: QuerySet[Ballot]) -> QuerySet[Ballot]:
    """Load what ``takes_votes`` reads with the ballots, and their engagement, in one query."""
    return ballots.select_related("engagement", *(kind.related for kind in _kinds.values()))


def _find(name: str) -> _Kind:
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"Nobody registered the ballot kind {name!r}.") from None


def takes_votes(ballot: Ballot) -> bool:
    """Whether the thing this ballot is about can be voted on. LookupError for an unknown kind."""
    return _find(ballot.kind).takes_votes(ballot)


def holds_choices(ballot: Ballot) -> bool:
    """Whether a vote on it holds several choices. LookupError for an unknown kind."""
    return _find(ballot.kind).judge is not None


def judged(ballot: Ballot, choices: Mapping[str, object]) -> list[Chosen]:
    """The choices of a vote as the room's rules take them. Raises ``Invalid`` or ``Absent``."""
    judge = _find(ballot.kind).judge
    if judge is None:
        raise Absent
    return judge(ballot, choices)


def one_ballot(engagement: Engagement) -> bool:
    """Whether the engagement's votes are those of one ballot with several choices."""
    return any(kind.engagements == engagement.kind for kind in _kinds.values() if kind.engagements)


def receipt_part(request: HttpRequest, receipt: Receipt, own: bool) -> dict[str, Any]:
    """What the receipt of votes shows besides its code; nothing for ballots of one choice."""
    for kind in _kinds.values():
        if kind.receipt is not None and kind.engagements == receipt.engagement.kind:
            return kind.receipt(request, receipt, own)
    return {}
