"""All of it in order: from votes to groups and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from consultations.opinion.clustering import find_clusters
from consultations.opinion.describing import Counts
from consultations.opinion.matrix import Floats, VoteMatrix, included, vote_matrix
from consultations.opinion.space import opinion_space


@dataclass(frozen=True)
class Grouping:
    """Groups by number, the largest first: their members, and where these stand.

    ``table``: each statement's counts by group, rejected ones too.
    """

    members: list[list[int]]
    positions: list[Floats]
    table: dict[int, list[Counts]]
    #: All who answered anything, placed or not.
    people: int
    silhouette: float
    explained: tuple[float, float]

    @property
    def placed(self) -> int:
        return sum(len(each) for each in self.members)


def one_thread() -> threadpool_limits:
    """Let numbers be worked out by one thread within this context.

    Sums that are split among several come back differently rounded from run to run; and on a busy
    machine threads wait for each other longer than they work.
    """
    return threadpool_limits(limits=1)


def find_groups(
    votes: Iterable[tuple[int, int, int]], *, set_aside: Collection[int] = ()
) -> Grouping:
    """Group people by their votes ``(person, statement, choice)``, one a person and statement.

    ``set_aside``: rejected statements. The same votes give the same groups, in whatever order they
    come. Raises ValueError for votes that cannot be.
    """
    matrix = vote_matrix(votes, set_aside=set_aside)
    chosen = np.flatnonzero(included(matrix))
    with one_thread():
        space = opinion_space(matrix)
        clusters = find_clusters(space.positions[chosen])
    labels = np.full(len(matrix.people), -1, dtype=np.int64)
    labels[chosen] = clusters.labels
    numbers = range(clusters.number)
    return Grouping(
        members=[matrix.people[labels == each].tolist() for each in numbers],
        positions=[space.positions[labels == each] for each in numbers],
        table=_table(matrix, labels, clusters.number),
        people=len(matrix.people),
        silhouette=clusters.silhouette,
        explained=space.explained,
    )


def counts_by_group(
    votes: Iterable[tuple[int, int, int]], groups: list[list[int]]
) -> dict[int, list[Counts]]:
    """Each statement's counts by groups that are given, for groupings made elsewhere."""
    matrix = vote_matrix(votes)
    labels = np.full(len(matrix.people), -1, dtype=np.int64)
    for number, members in enumerate(groups):
        labels[np.isin(matrix.people, np.array(members, dtype=np.int64))] = number
    return _table(matrix, labels, len(groups))


def _table(matrix: VoteMatrix, labels: np.ndarray, number: int) -> dict[int, list[Counts]]:
    statements = len(matrix.statements)
    of_vote = labels[matrix.rows]
    sides = [
        np.bincount(
            (of_vote * statements + matrix.columns)[(matrix.choices == choice) & (of_vote >= 0)],
            minlength=number * statements,
        ).reshape(number, statements)
        for choice in (1, -1, 0)
    ]
    return {
        int(statement): [
            (int(sides[0][each, column]), int(sides[1][each, column]), int(sides[2][each, column]))
            for each in range(number)
        ]
        for column, statement in enumerate(matrix.statements)
    }
