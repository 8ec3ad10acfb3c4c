"""The plane that opinions are shown in: the two directions in which people differ most.

A missing vote is filled with the statement's mean, which after centring is nothing: the centred
matrix holds an entry for each vote and no other, so it is as large as the votes are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from consultations.opinion.matrix import Floats, VoteMatrix

AXES = 2
#: Positions are cut to this many places: what lies beyond differs between machines.
PLACES = 9


@dataclass(frozen=True)
class Space:
    """``positions``: two numbers a person, in the matrix's order. ``explained``: the share of all
    differences between people that each axis shows, between 0 and 1."""

    positions: Floats
    explained: tuple[float, float]


def opinion_space(matrix: VoteMatrix) -> Space:
    """Principal components of the filled matrix, and everybody's place on the first two.

    A person who answered few statements would stand near the middle for that alone, so each place
    is moved outwards by sqrt(statements / answered). A rejected statement counts there as one that
    everybody passed. An axis points to where its largest part is positive.
    """
    people, statements = len(matrix.people), len(matrix.statements)
    if not people:
        return Space(np.zeros((0, AXES)), (0.0, 0.0))
    centred = _centred(matrix)
    products = (centred.T @ centred).toarray()
    values, vectors = np.linalg.eigh(products)
    axes = np.zeros((AXES, statements))
    taken = vectors[:, ::-1][:, :AXES].T
    axes[: len(taken)] = [_pointed(each) for each in taken]
    total = float(np.trace(products))
    largest = [max(0.0, float(value)) for value in values[::-1][:AXES]] + [0.0] * AXES
    shares = [value / total if total > 0 else 0.0 for value in largest]
    rejected = int(matrix.set_aside.sum())
    open_ones = ~matrix.set_aside[matrix.columns]
    answered = np.bincount(matrix.rows[open_ones], minlength=people) + rejected
    outwards = np.sqrt(statements / np.maximum(answered, 1))
    positions = (centred @ axes.T) * outwards[:, None]
    return Space(np.round(positions, PLACES) + 0.0, (shares[0], shares[1]))


def _centred(matrix: VoteMatrix) -> sparse.csr_array:
    """Each vote less its statement's mean; rejected statements are all the same, so nothing."""
    statements = len(matrix.statements)
    sums = np.bincount(matrix.columns, weights=matrix.choices, minlength=statements)
    counts = np.bincount(matrix.columns, minlength=statements)
    means = sums / np.maximum(counts, 1)
    values = matrix.choices - means[matrix.columns]
    values[matrix.set_aside[matrix.columns]] = 0.0
    shape = (len(matrix.people), statements)
    return sparse.csr_array((values, (matrix.rows, matrix.columns)), shape=shape)


def _pointed(axis: Floats) -> Floats:
    """The axis or its opposite: an eigenvector has no sign of its own."""
    # Of parts that are equal but for rounding the first decides, on every machine.
    size = np.abs(axis)
    first = int(np.flatnonzero(size >= size.max() - 1e-9)[0])
    return -axis if axis[first] < 0 else axis
