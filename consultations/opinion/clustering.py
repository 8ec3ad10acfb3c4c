"""From places to groups: fine base clusters, k-means over them, as many groups as stand apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from consultations.opinion.matrix import Floats, Ints, Mask

#: People are first gathered into this many small clusters at most.
BASE = 100
MOST_GROUPS = 5
#: Starts of k-means; the best one counts.
STARTS = 20
SEED = 0
#: A person alone is nobody's group.
LEAST_MEMBERS = 2
_ROUNDS = 300
#: Squared distance below which two places are one but for rounding.
_SAME = 1e-12


@dataclass(frozen=True)
class Clusters:
    """``labels``: a group's number for each point, the largest group being 0.

    ``silhouette``: from -1 to 1, how much nearer the own group is than the next; 0 for one group.
    """

    labels: Ints
    silhouette: float

    @property
    def number(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0


@dataclass(frozen=True)
class _Try:
    silhouette: float
    number: int
    #: Places of people who were set aside.
    alone: Floats


def find_clusters(points: Floats) -> Clusters:
    """Group points of the plane. The same points in the same order give the same groups.

    The number of groups is the one of the greatest silhouette among 2 to five (fewer where there
    are few base clusters); of equals the smaller. Groups are then settled on the people
    themselves, since base clusters are only an approximation.
    """
    if not len(points):
        return Clusters(np.zeros(0, dtype=np.int64), 0.0)
    base, weights = _base_clusters(points)
    best: _Try | None = None
    for number in range(2, min(MOST_GROUPS, 2 + len(base) // 12) + 1):
        found = _try(base, weights, number)
        if found and (best is None or found.silhouette > best.silhouette + 1e-9):
            best = found
    if best is None:
        return Clusters(np.zeros(len(points), dtype=np.int64), 0.0)
    labels = _settle(points, best.number, best.alone)
    return Clusters(_largest_first(labels, points), best.silhouette)


def _base_clusters(points: Floats) -> tuple[Floats, Floats]:
    """Centres and how many people each stands for; equal places are one from the start."""
    places, counts = np.unique(points, axis=0, return_counts=True)
    weights = counts.astype(np.float64)
    if len(places) <= BASE:
        return np.asarray(places, np.float64), weights
    labels, centres = _k_means(places, weights, BASE, starts=1)
    return centres, np.asarray(np.bincount(labels, weights=weights, minlength=BASE), np.float64)


def _try(base: Floats, weights: Floats, number: int) -> _Try | None:
    """Make that many groups; people who would be a group alone are set aside first."""
    kept: Mask = np.ones(len(base), dtype=np.bool_)
    while kept.sum() > number:
        labels, _centres = _k_means(base[kept], weights[kept], number, starts=STARTS)
        sizes = np.bincount(labels, weights=weights[kept], minlength=number)
        alone = sizes < LEAST_MEMBERS
        if not alone.any():
            return _Try(float(silhouette_score(base[kept], labels)), number, base[~kept])
        kept[np.flatnonzero(kept)[alone[labels]]] = False
    return None


def _k_means(
    points: Floats, weights: Floats, number: int, *, starts: int
) -> tuple[npt.NDArray[np.int32], Floats]:
    model = KMeans(number, n_init=starts, random_state=SEED).fit(points, sample_weight=weights)
    return model.labels_, model.cluster_centers_


def _settle(points: Floats, number: int, alone: Floats) -> Ints:
    """k-means over the people: first without those set aside, then on from there with everybody.

    Where that would leave somebody alone after all, those set aside join the nearest group.
    """
    kept = np.ones(len(points), dtype=np.bool_)
    for place in alone:
        kept &= ((points - place) ** 2).sum(axis=1) > _SAME
    ones = np.ones(int(kept.sum()))
    _labels, centres = _k_means(points[kept], ones, number, starts=STARTS)
    first = labels = _nearest(points, centres)
    for _round in range(_ROUNDS):
        centres = np.array(
            [
                points[labels == each].mean(axis=0) if (labels == each).any() else centre
                for each, centre in enumerate(centres)
            ]
        )
        moved = _nearest(points, centres)
        if (moved == labels).all():
            break
        labels = moved
    sizes = np.bincount(labels, minlength=number)
    return labels if sizes.min() >= LEAST_MEMBERS else first


def _nearest(points: Floats, centres: Floats) -> Ints:
    distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    # A point between two centres goes to the first, on every machine.
    return np.asarray(np.round(distances, 9).argmin(axis=1), dtype=np.int64)


def _largest_first(labels: Ints, points: Floats) -> Ints:
    """Number the groups by size, of equals by their place from the left."""
    present = np.unique(labels)
    keys = [
        (-int((labels == each).sum()), *np.round(points[labels == each].mean(axis=0), 6), int(each))
        for each in present
    ]
    place = {each: rank for rank, (*_key, each) in enumerate(sorted(keys))}
    return np.array([place[int(each)] for each in labels], dtype=np.int64)
