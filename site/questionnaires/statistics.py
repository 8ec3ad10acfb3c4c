"""Figures of numbers that were counted: from how often each value was given, not from a list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

Value = Decimal | int | float
#: More different values than these are shown in stretches.
MOST_VALUES = 25
#: About so many stretches lie between the outermost two.
STRETCHES = 10
#: The outermost stretches hold about a fortieth of the answers each, and at least so many.
OUTER = 5
_FORTIETH = 40
#: From, to (not in it), how many; None where it is open.
Stretch = tuple[str | None, str | None, int]


def plain(value: Value) -> int | float:
    """A number as JSON and spreadsheets write it: whole where it is whole, else to 4 places."""
    rounded = round(float(value), 4)
    return int(rounded) if rounded == int(rounded) else rounded


class Ordered:
    """Counted values in their order, so that a hundred thousand are put in order once."""

    def __init__(self, counts: Mapping[Decimal, int]) -> None:
        self.values = sorted(counts)
        self.counts = [counts[value] for value in self.values]
        #: How many lie at or below each value.
        self.passed = list(accumulate(self.counts))
        self.total = self.passed[-1] if self.passed else 0

    def at(self, place: int) -> Decimal:
        """The value at a place, counted from 0."""
        return self.values[min(bisect_right(self.passed, place), len(self.values) - 1)]

    def below(self, edge: Decimal) -> int:
        """How many values are less than the edge."""
        place = bisect_right(self.values, edge)
        if place and self.values[place - 1] == edge:
            place -= 1
        return self.passed[place - 1] if place else 0

    def mean(self) -> int | float | None:
        """The arithmetic mean; None of nothing."""
        if not self.total:
            return None
        together = sum(
            (value * count for value, count in zip(self.values, self.counts, strict=True)),
            Decimal(),
        )
        return plain(together / self.total)

    def quantile(self, part: float) -> int | float | None:
        """The value below which ``part`` (0 to 1) lies, between two values by proportion.

        The rule of spreadsheets (inclusive): 0.5 of an even number is the mean of the middle two.
        """
        if not self.total:
            return None
        place = part * (self.total - 1)
        low, rest = int(place), Decimal(place) - int(place)
        first = self.at(low)
        if not rest:
            return plain(first)
        return plain(first + (self.at(low + 1) - first) * rest)


def summary(counts: Mapping[Decimal, int]) -> dict[str, int | float | None]:
    """n, mean, median, quartiles, least and most."""
    return _summary(Ordered(counts))


def _summary(found: Ordered) -> dict[str, int | float | None]:
    return {
        "n": found.total,
        "mean": found.mean(),
        "median": found.quantile(0.5),
        "lower_quartile": found.quantile(0.25),
        "upper_quartile": found.quantile(0.75),
        "least": plain(found.values[0]) if found.values else None,
        "most": plain(found.values[-1]) if found.values else None,
    }


def spread(counts: Mapping[Decimal, int]) -> dict[str, Any] | None:
    """How many different values lie: their summary and stretches, as JSON.

    None where they are few enough to be counted one by one.
    """
    if len(counts) <= MOST_VALUES:
        return None
    found = Ordered(counts)
    return {"summary": _summary(found), "stretches": [list(one) for one in stretches(found)]}


def stretches(found: Ordered) -> list[Stretch]:
    """Counts between round numbers; the outermost two are open, where anything lies there.

    The edges follow from values that at least five lie beyond, never from the least and the
    greatest, which are somebody's; and one far away does not squeeze all others into a stretch.
    """
    beyond = max(OUTER - 1, found.total // _FORTIETH)
    low, high = found.at(beyond), found.at(found.total - 1 - beyond)
    width = _round_width((high - low) / STRETCHES) if high > low else _last_place(found)
    edge = (low // width) * width
    if edge > low:  # Division of negative decimals goes towards zero.
        edge -= width
    edges = [edge]
    while edges[-1] <= high:
        edges.append(edges[-1] + width)
    passed = [found.below(edge) for edge in edges]
    parts: list[Stretch] = [
        (_text(start), _text(end), passed[at + 1] - passed[at])
        for at, (start, end) in enumerate(pairwise(edges))
    ]
    if passed[0]:
        parts.insert(0, (None, _text(edges[0]), passed[0]))
    if found.total > passed[-1]:
        parts.append((_text(edges[-1]), None, found.total - passed[-1]))
    return parts


def _round_width(least: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10, 20, … (or 0.1, 0.2, …) that is not less."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def _last_place(found: Ordered) -> Decimal:
    """One in the last place that any value has; 1 for whole numbers."""
    exponents = (value.normalize().as_tuple().exponent for value in found.values)
    return Decimal(1).scaleb(min(0, *(each for each in exponents if isinstance(each, int))))


def _text(edge: Decimal) -> str:
    return f"{(edge + 0).normalize():f}"  # Plus nothing: no edge is called -0.


def joined(parts: Sequence[Sequence[Any]], least: int) -> list[Stretch]:
    """Neighbouring stretches made one until none counts 1 to ``least`` - 1."""
    found: list[Stretch] = []
    for low, high, count in parts:
        if found and 0 < found[-1][2] < least:
            before = found.pop()
            found.append((before[0], high, before[2] + count))
        else:
            found.append((low, high, count))
    while len(found) > 1 and 0 < found[-1][2] < least:
        last, before = found.pop(), found.pop()
        found.append((before[0], last[1], before[2] + last[2]))
    return found
