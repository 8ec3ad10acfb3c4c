"""What groups say: counts by group, what marks a group, what all share. Plain Python.

``Counts`` of a group on a statement are (agree, disagree, pass).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Counts = tuple[int, int, int]
Side = Literal["agree", "disagree"]
SIDES: tuple[Side, Side] = ("agree", "disagree")

#: One-sided 90 %: a difference that would come about by chance once in ten times.
CERTAIN = 1.2816
MOST_MARKS = 5
MOST_SHARED = 10


def consensus(groups: Iterable[Counts], side: Side = "agree") -> float:
    """Group-informed consensus: the product over groups of (agree + 1) / (votes + 2).

    High only where every group agrees; a group that nobody of answered counts as one half. With
    ``side="disagree"`` the same for disagreeing.
    """
    place = SIDES.index(side)
    return math.prod((each[place] + 1) / (sum(each) + 2) for each in groups)


@dataclass(frozen=True)
class Mark:
    """A statement that marks a group: it answers to ``side`` more than the others do."""

    statement: int
    side: Side
    #: Share of the group's answers on that side, and of everybody else's; with one more and two
    #: more added, so that few answers say little.
    own: float
    others: float
    score: float


def _z_alone(part: int, whole: int) -> float:
    """How far a share lies above one half, in standard errors, one success and trial added."""
    part, whole = part + 1, whole + 1
    return 2 * math.sqrt(whole) * (part / whole - 0.5)


def _z_between(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """How far a share lies above another's, in standard errors, one success and trial added."""
    part, whole, other_part, other_whole = (
        each + 1 for each in (part, whole, other_part, other_whole)
    )
    pooled = (part + other_part) / (whole + other_whole)
    if not 0 < pooled < 1:
        return 0.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / other_whole))
    return (part / whole - other_part / other_whole) / error


def marks_of(group: int, table: dict[int, Sequence[Counts]]) -> list[Mark]:
    """The statements that mark a group, the strongest first, at most five.

    ``table``: each statement's counts by group. A statement marks a group when more of it than
    half answer to one side and more than in the other groups, both beyond chance (90 %). Where no
    statement passes, the one with the greatest difference stands, if there is any.
    """
    certain, best = [], None
    for statement, groups in sorted(table.items()):
        own = groups[group]
        rest = [sum(each) for each in zip(*groups, strict=True)]
        others = [whole - mine for whole, mine in zip(rest, own, strict=True)]
        seen, other_seen = sum(own), sum(others)
        for side in SIDES:
            place = SIDES.index(side)
            share = (own[place] + 1) / (seen + 2)
            other_share = (others[place] + 1) / (other_seen + 2)
            alone = _z_alone(own[place], seen)
            between = _z_between(own[place], seen, others[place], other_seen)
            mark = Mark(statement, side, share, other_share, 0.0)
            if alone > CERTAIN and between > CERTAIN:
                score = share / other_share * between * share * alone
                certain.append(Mark(statement, side, share, other_share, score))
            elif own[place] and between > 0 and (best is None or between > best[0]):
                best = (between, mark)
    if certain:
        return sorted(certain, key=lambda mark: (-mark.score, mark.statement))[:MOST_MARKS]
    return [best[1]] if best else []


@dataclass(frozen=True)
class Shared:
    """A statement that more than half of every group answer alike."""

    statement: int
    side: Side
    consensus: float


def shared_by_all(table: dict[int, Sequence[Counts]], *, least: int) -> list[Shared]:
    """What all groups share, by group-informed consensus, at most ten.

    Every group must have ``least`` answers on the statement and more than half of them on the
    same side.
    """
    found = []
    for statement, groups in sorted(table.items()):
        if not groups or any(sum(each) < least for each in groups):
            continue
        for place, side in enumerate(SIDES):
            if all(2 * each[place] > sum(each) for each in groups):
                found.append(Shared(statement, side, consensus(groups, side)))
    return sorted(found, key=lambda each: (-each.consensus, each.statement))[:MOST_SHARED]
