"""Votes as numbers: who answered which statement how, kept as long as the votes are, not wider."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: Whoever answered fewer statements than this (or than there are) has no place yet.
LEAST_ANSWERS = 7
#: A small conversation is filled up with those who answered most, to this many people.
FILL_UP = 15


@dataclass(frozen=True)
class VoteMatrix:
    """One entry a vote: ``rows`` and ``columns`` point into ``people`` and ``statements``.

    Entries stand in the order of row, then column, whatever order the votes came in, so that sums
    run in the same order. ``set_aside`` marks statements that were rejected: their votes
    count for who took part, not for where anybody stands.
    """

    people: Ints
    statements: Ints
    rows: Ints
    columns: Ints
    choices: Floats
    set_aside: Mask

    @property
    def answers(self) -> Ints:
        """How many statements each person answered, rejected ones too."""
        return np.bincount(self.rows, minlength=len(self.people)).astype(np.int64)


def vote_matrix(
    votes: Iterable[tuple[int, int, int]], *, set_aside: Collection[int] = ()
) -> VoteMatrix:
    """The matrix of ``(person, statement, choice)`` with choices 1, -1 and 0 (pass).

    A statement nobody answered is not in it. Raises ValueError for a choice that is none and for
    two votes of one person on one statement.
    """
    flat = np.fromiter((number for vote in votes for number in vote), dtype=np.int64).reshape(-1, 3)
    people, rows = np.unique(flat[:, 0], return_inverse=True)
    statements, columns = np.unique(flat[:, 1], return_inverse=True)
    order = np.lexsort((columns, rows))
    rows, columns, choices = rows[order], columns[order], flat[order, 2]
    if not np.isin(choices, (-1, 0, 1)).all():
        raise ValueError("A vote is 1, -1 or 0.")
    if ((np.diff(rows) == 0) & (np.diff(columns) == 0)).any():
        raise ValueError("A person has two votes on one statement.")
    return VoteMatrix(
        people=people,
        statements=statements,
        rows=rows.astype(np.int64),
        columns=columns.astype(np.int64),
        choices=choices.astype(np.float64),
        set_aside=np.isin(statements, np.fromiter(set_aside, dtype=np.int64)),
    )


def included(matrix: VoteMatrix) -> Mask:
    """Who is given a place: all who answered at least seven statements (or all there are).

    Where these are fewer than fifteen, those who answered most are added, of equals the one with
    the smaller number.
    """
    answers = matrix.answers
    chosen: Mask = answers >= min(LEAST_ANSWERS, len(matrix.statements))
    missing = FILL_UP - int(chosen.sum())
    if missing > 0:
        rest = np.flatnonzero(~chosen)
        most = rest[np.argsort(-answers[rest], kind="stable")]
        chosen = chosen.copy()
        chosen[most[:missing]] = True
    return chosen
