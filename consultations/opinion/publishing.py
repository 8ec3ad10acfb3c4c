"""What of a grouping may be shown: groups of at least five, and no figure that tells one answer.

Rules for figures by group (the same as for tables of official statistics):

- A group with fewer than five answers on a statement has no figure there.
- What is left of the statement's public count when the shown figures are taken from it is the
  answers of all others; where these are one to four, the smallest shown figure is left out too.
- Everything worked out from figures by group (what marks a group, what all share, consensus) uses
  only statements where every shown group has a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from consultations.opinion.describing import Counts, consensus, marks_of, shared_by_all
from consultations.opinion.grouping import Grouping, one_thread
from consultations.opinion.outline import LEAST, outline

Cells = list[Counts | None]


def shown_cells(groups: list[Counts], whole: int) -> Cells:
    """The counts by group that may be shown, of a statement with ``whole`` answers in public."""
    cells: Cells = [each if sum(each) >= LEAST else None for each in groups]
    rest = whole - sum(sum(each) for each in cells if each)
    if 0 < rest < LEAST:
        sizes = [(sum(each), place) for place, each in enumerate(cells) if each]
        if sizes:
            cells[min(sizes)[1]] = None
    return cells


def published(found: Grouping, *, ids: Mapping[int, str], voters: Mapping[int, int]) -> Any:
    """The grouping as JSON that may be shown; without groups when fewer than two are large enough.

    ``ids``: the public id of each statement that is published; others do not appear. ``voters``:
    how many answered each of them, as the results say it.
    """
    shown = [place for place, each in enumerate(found.members) if len(each) >= LEAST]
    if len(shown) < 2:
        return {"groups": []}
    cells = {
        statement: shown_cells([counts[place] for place in shown], voters.get(statement, 0))
        for statement, counts in found.table.items()
        if statement in ids
    }
    whole: dict[int, list[Counts]] = {}
    for statement, row in cells.items():
        full = [each for each in row if each is not None]
        if len(full) == len(shown):
            whole[statement] = full
    with one_thread():
        groups = [_group(found, place, number, whole, ids) for number, place in enumerate(shown)]
    return {
        "groups": groups,
        "silhouette": round(found.silhouette, 4),
        "explained": [round(each, 4) for each in found.explained],
        "shared": [
            {
                "statement": ids[each.statement],
                "side": each.side,
                "consensus": round(each.consensus, 4),
            }
            for each in shared_by_all(dict(whole), least=LEAST)
        ],
        "statements": [
            {
                "statement": ids[statement],
                "counts": [list(each) if each else None for each in row],
                "consensus": round(consensus(whole[statement]), 4) if statement in whole else None,
            }
            for statement, row in sorted(cells.items())
        ],
    }


def _group(
    found: Grouping,
    place: int,
    number: int,
    whole: Mapping[int, list[Counts]],
    ids: Mapping[int, str],
) -> dict[str, Any]:
    marks = []
    for mark in marks_of(number, dict(whole)):
        row = whole[mark.statement]
        side = ("agree", "disagree").index(mark.side)
        own = row[number]
        others = [each for at, each in enumerate(row) if at != number]
        marks.append(
            {
                "statement": ids[mark.statement],
                "side": mark.side,
                "own": [own[side], sum(own)],
                "others": [sum(each[side] for each in others), sum(map(sum, others))],
            }
        )
    return {
        "people": len(found.members[place]),
        "outline": asdict(outline(found.positions[place])),
        "marks": marks,
    }
