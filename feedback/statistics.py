"""Figures of numbers that were counted: from how often each value was given, not from a list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

Value = Decimal | int | float


def plain(value: Value) -> int | float:
    """A number as JSON and spreadsheets write it: whole where it is whole, else to 4 places."""
    rounded = round(float(value), 4)
    return int(rounded) if rounded == int(rounded) else rounded


def mean(counts: Mapping[Decimal, int]) -> int | float | None:
    """The arithmetic mean; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    return plain(sum((value * count for value, count in counts.items()), Decimal()) / total)


def quantile(counts: Mapping[Decimal, int], part: float) -> int | float | None:
    """The value below which ``part`` (0 to 1) lies, between two values by proportion.

    The rule of spreadsheets (inclusive): 0.5 of an even number is the mean of the middle two.
    """
    total = sum(counts.values())
    if not total:
        return None
    place = part * (total - 1)
    low, rest = int(place), Decimal(place) - int(place)
    first = _at(counts, low)
    if not rest:
        return plain(first)
    return plain(first + (_at(counts, low + 1) - first) * rest)


def _at(counts: Mapping[Decimal, int], place: int) -> Decimal:
    """The value at a place, counted from 0, when all are put in order."""
    passed = 0
    value = Decimal()
    for value in sorted(counts):
        passed += counts[value]
        if place < passed:
            return value
    return value


def summary(counts: Mapping[Decimal, int]) -> dict[str, int | float | None]:
    """n, mean, median, quartiles, least and most."""
    return {
        "n": sum(counts.values()),
        "mean": mean(counts),
        "median": quantile(counts, 0.5),
        "lower_quartile": quantile(counts, 0.25),
        "upper_quartile": quantile(counts, 0.75),
        "least": plain(min(counts)) if counts else None,
        "most": plain(max(counts)) if counts else None,
    }


def bins(counts: Mapping[Decimal, int], most: int = 10) -> list[tuple[Decimal, Decimal, int]]:
    """Up to ``most`` equal stretches from the least value to the greatest, with their counts.

    A stretch takes its lower end and not its upper one; the last takes both.
    """
    if not counts:
        return []
    low, high = min(counts), max(counts)
    width = (high - low) / most
    if not width:
        return [(low, high, sum(counts.values()))]
    found = [0] * most
    for value, count in counts.items():
        found[min(most - 1, int((value - low) / width))] += count
    return [(low + width * at, low + width * (at + 1), number) for at, number in enumerate(found)]
