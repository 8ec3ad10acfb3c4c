"""The order of a vote for those who page through it: kept for a moment where there are many ideas.

Putting 20,000 ideas in order takes half a second, and a page shows fifty of them. What is kept is
in pieces, so that a page unpacks its own alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from ideas.counted import remembered
from ideas.models import ContestVote, Idea
from ideas.totals import standings
from ideas.voting import Standing

#: Ideas of a piece: as many as a page shows.
PIECE = 50


class Ranking(Sequence[Standing]):
    """Standings in order, packed; only the slice that is asked for is unpacked."""

    def __init__(self, size: int, pieces: list[str]) -> None:
        self._size, self._pieces = size, pieces

    def __len__(self) -> int:
        return self._size

    def count(self, *_values: Any) -> int:
        """As ``core.api.listed`` asks: how many there are."""
        return self._size

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        start, stop, _step = place.indices(self._size)
        first = start // PIECE
        rows = [
            _unpacked(row)
            for piece in self._pieces[first : -(-stop // PIECE)]
            for row in json.loads(piece)
        ]
        return rows[start - first * PIECE : stop - first * PIECE]


def ranking(vote: ContestVote) -> Ranking:
    """``totals.standings``, of a large contest at most half a minute old.

    Trap: ask ``totals.shown`` first. A result is kept apart from the totals before it.
    """
    engagement = vote.ballot.engagement
    size = Idea.objects.public().filter(engagement=engagement).count()
    result = getattr(vote, "result", None)
    what = ("ranking", result.digest if result else "live")
    return Ranking(*remembered(engagement, size, what, lambda: _packed(standings(vote))))


def _packed(rows: list[Standing]) -> tuple[int, list[str]]:
    pieces = (rows[at : at + PIECE] for at in range(0, len(rows), PIECE))
    return len(rows), [json.dumps([astuple(row) for row in piece]) for piece in pieces]


def _unpacked(row: list[Any]) -> Standing:
    public_id, votes, score, place, counts, funded = row
    given = {int(value): number for value, number in counts.items()}
    return Standing(public_id, votes, score, place, given, funded)
