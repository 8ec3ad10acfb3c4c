"""Small counts are not told in public, nor left to be worked out from those that are.

A count of 1 to 4 is hidden. Where the hidden ones together could be had by subtracting from n, the
next smallest is hidden too, until at least two are, of at least five people together: of two hidden
counts that make 2, each would be known to be 1. All hidden counts look the same. Nobody is in a
count of 0, so it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 5


def too_few(count: int) -> bool:
    """Whether a count must not be told."""
    return 0 < count < LEAST


def hidden(counts: Sequence[int]) -> set[int]:
    """The places of the counts that are not shown, of parts of one whole."""
    found = {place for place, count in enumerate(counts) if too_few(count)}
    if not found:
        return found
    rest = sorted(
        (place for place, count in enumerate(counts) if count >= LEAST),
        key=lambda place: (counts[place], place),
    )
    while rest and (len(found) < 2 or sum(counts[place] for place in found) < LEAST):
        found.add(rest.pop(0))
    return found
