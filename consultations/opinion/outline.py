"""What of the places may be drawn: never one person's.

A group is drawn as an ellipse (its middle and spread) and as dots of at least five people each,
at their common middle. An outline through the outermost people would show where these stand; so
would the spread of a small group with one person far from the rest. Whoever stands further out than
twice the median distance from the group's median is therefore drawn as if standing there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

from consultations.opinion.clustering import SEED
from consultations.opinion.matrix import Floats

#: Fewer people than this are never drawn, nor shown in a figure of their own.
LEAST = 5
#: About this many people a dot in a small group, and at most this many dots a group.
PER_DOT = 10
MOST_DOTS = 24
#: How far out anybody is drawn, in median distances.
FURTHEST = 2.0
_PLACES = 4


@dataclass(frozen=True)
class Dot:
    """The common middle of ``people`` (at least five) who stand close."""

    x: float
    y: float
    people: int


@dataclass(frozen=True)
class Outline:
    """A group's middle, its half axes (two standard deviations), the first one's angle in degrees
    against the horizontal, and its dots."""

    x: float
    y: float
    long: float
    short: float
    angle: float
    dots: tuple[Dot, ...]


def outline(points: Floats) -> Outline:
    """The outline of a group of at least five. Raises ValueError for fewer."""
    if len(points) < LEAST:
        raise ValueError("Fewer than five people are not drawn.")
    points = _drawn_in(points)
    middle = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T))
    direction = vectors[:, 1]
    angle = math.degrees(math.atan2(direction[1], direction[0])) % 180
    long, short = (2 * math.sqrt(max(0.0, float(value))) for value in (values[1], values[0]))
    numbers = (middle[0], middle[1], long, short, angle)
    x, y, long, short, angle = (round(float(each), _PLACES) + 0.0 for each in numbers)
    return Outline(x, y, long, short, angle, tuple(_dots(points)))


def _drawn_in(points: Floats) -> Floats:
    """The points, those far out moved towards the group's median."""
    centre = np.median(points, axis=0)
    away = points - centre
    distances = np.hypot(away[:, 0], away[:, 1])
    limit = FURTHEST * float(np.median(distances))
    shrink = np.minimum(1.0, limit / np.maximum(distances, 1e-12))
    drawn: Floats = centre + away * shrink[:, None]
    return drawn


def _dots(points: Floats) -> list[Dot]:
    """Gather a group into dots; one of fewer than five joins the nearest, until none is."""
    number = max(1, min(MOST_DOTS, len(points) // PER_DOT, len(np.unique(points, axis=0))))
    labels = KMeans(number, n_init=4, random_state=SEED).fit(points).labels_
    parts = [points[labels == each] for each in range(number) if (labels == each).any()]
    while len(parts) > 1:
        parts.sort(key=lambda part: (len(part), *part.mean(axis=0)))
        if len(parts[0]) >= LEAST:
            break
        small = parts.pop(0)
        distances = [float(((part.mean(axis=0) - small.mean(axis=0)) ** 2).sum()) for part in parts]
        near = distances.index(min(distances))
        parts[near] = np.vstack((parts[near], small))
    dots = [_dot(part) for part in parts]
    return sorted(dots, key=lambda dot: (-dot.people, dot.x, dot.y))


def _dot(part: Floats) -> Dot:
    x, y = (round(float(each), _PLACES) + 0.0 for each in part.mean(axis=0))
    return Dot(x, y, len(part))
