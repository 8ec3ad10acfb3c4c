"""Groups of texts that read alike: the same letter sent by many, with a word changed here or there.

Texts are compared folded (script, width and case do not matter). Equal ones are one text; texts
that differ little join the largest text they resemble. The work is bounded: beyond ``DISTINCT``
different texts only equal ones are grouped.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from core.text import fold

#: How alike two texts must be to be one letter (0-100, normalised edit distance).
LEAST = 88
#: More different texts than this are not compared with each other.
DISTINCT = 1500
#: Shorter texts ("I agree") are alike by chance.
SHORTEST = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that read alike: how many, and the place of one of them among the texts given."""

    size: int
    first: int


@dataclass(frozen=True, slots=True)
class Alike:
    """How many texts there are, how many of them distinct, and the groups of two or more."""

    total: int
    distinct: int
    groups: tuple[Group, ...]


def groups_of(texts: Iterable[str]) -> Alike:
    """Group texts, the largest group first; deterministic for the same texts in the same order."""
    folded = [" ".join(fold(text).split()) for text in texts]
    first: dict[str, int] = {}
    for place, text in enumerate(folded):
        first.setdefault(text, place)
    counts = Counter(folded)
    # The most frequent wording speaks for its letter; among equals the one that came first.
    order = sorted(counts, key=lambda text: (-counts[text], first[text]))
    heads: list[str] = []
    sizes: dict[str, int] = {}
    compare = len(order) <= DISTINCT
    for text in order:
        near = None
        if compare and len(text) >= SHORTEST:
            near = process.extractOne(text, heads, scorer=fuzz.ratio, score_cutoff=LEAST)
        if near is None:
            sizes[text] = counts[text]
            if len(text) >= SHORTEST:
                heads.append(text)
        else:
            sizes[near[0]] += counts[text]
    found = [Group(size, first[text]) for text, size in sizes.items() if size > 1]
    return Alike(
        total=len(folded),
        distinct=len(counts),
        groups=tuple(sorted(found, key=lambda group: (-group.size, group.first))),
    )
