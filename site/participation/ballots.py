"""Kinds of ballots: each room says when one of its ballots takes votes.

Participation knows what a vote is; only the room knows whether the thing voted on is published.
Rooms register from ``AppConfig.ready()``; a kind nobody registered is a mistake and raises.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from participation.models import Ballot

TakesVotes = Callable[[Ballot], bool]

_kinds: dict[str, tuple[TakesVotes, str]] = {}


def register(kind: str, takes_votes: TakesVotes, *, related: str) -> None:
    """Say when a ballot of ``kind`` takes votes, apart from its engagement's phases.

    ``takes_votes`` is asked once a vote and reads the room's row, ``ballot.<related>``; the edge
    loads it with the ballot (``with_room_rows``). Registering the same function again changes
    nothing; another function for a known kind raises ValueError.
    """
    known = _kinds.get(kind)
    if known is not None and known != (takes_votes, related):
        raise ValueError(f"The ballot kind {kind!r} is registered already.")
    _kinds[kind] = (takes_votes, related)


def with_room_rows(ballots: QuerySet[Ballot]) -> QuerySet[Ballot]:
    """Load what ``takes_votes`` reads with the ballots, and their engagement, in one query."""
    return ballots.select_related("engagement", *(related for _answer, related in _kinds.values()))


def takes_votes(ballot: Ballot) -> bool:
    """Whether the thing this ballot is about can be voted on. LookupError for an unknown kind."""
    try:
        answer, _related = _kinds[ballot.kind]
    except KeyError:
        raise LookupError(f"Nobody registered the ballot kind {ballot.kind!r}.") from None
    return answer(ballot)
