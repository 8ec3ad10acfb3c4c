"""Distinct texts among many: the same to the letter, and alike but for a few letters.

Two texts are *the same* when nothing but script, case, width, spaces and punctuation tells them
apart (``core.fold``). They are *alike* when both are at least ``LONG_ENOUGH`` characters and
rapidfuzz finds them at least ``SIMILAR`` per cent the same over their first ``COMPARED``
characters: a form letter that people sign with a word of their own. Shorter ones must be the same:
「我同意收費」 and 「我不同意收費」 are nearly alike, and opposite.

Comparing all with all would take days for 100,000 texts. Each long text is compared only with the
heads of groups that share one of its ``SKETCH`` lowest fingerprints of four letters; the most
frequent text is the head, so that the letter as it was handed out names its group.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz

LONG_ENOUGH = 40
SIMILAR = 90.0
COMPARED = 400
SKETCH = 12
GRAM = 4
#: Heads looked at for one text, and heads remembered for one fingerprint.
CANDIDATES = 20
BUCKET = 200
_NOT_WORDS = re.compile(r"[\W_]+")


def key_of(folded: str) -> str:
    """What two folded texts must share to be the same; a text of signs alone is its own key."""
    return _NOT_WORDS.sub("", folded) or folded


@dataclass(slots=True)
class Distinct:
    """One wording. ``readable`` is the number of the first text of it that may be shown."""

    key: str
    length: int
    count: int = 0
    first: int = 0
    readable: int | None = None
    group: int = -1


@dataclass(slots=True)
class Group:
    """Wordings taken together; ``number`` counts from 1, the largest group first."""

    number: int
    count: int
    wordings: int
    readable: int | None


@dataclass
class Found:
    """What came out. ``received`` texts in ``worded`` wordings, of which ``distinct`` groups."""

    received: int
    worded: int
    groups: list[Group]
    _of: dict[int, Distinct] = field(repr=False)
    _numbers: dict[int, int] = field(repr=False)

    @property
    def distinct(self) -> int:
        return len(self.groups)

    @property
    def largest(self) -> int:
        return self.groups[0].count if self.groups else 0

    def group_of(self, ref: int) -> int | None:
        """The number of the group a text is in; None for one that was not there when counted."""
        one = self._of.get(ref)
        return None if one is None else self._numbers[one.group]


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Alike:
    """Takes texts one by one, keeps each wording once, and groups them at the end."""

    def __init__(self) -> None:
        self._wordings: dict[bytes, Distinct] = {}
        self._of: dict[int, Distinct] = {}
        self._received = 0

    def add(self, folded: str, ref: int, *, readable: bool) -> None:
        """Count one text; ``ref`` is the caller's number for it (a primary key)."""
        key = key_of(folded)
        digest = _digest(key)
        one = self._wordings.get(digest)
        if one is None:
            one = Distinct(key[:COMPARED], len(key), first=self._received)
            self._wordings[digest] = one
        one.count += 1
        if readable and one.readable is None:
            one.readable = ref
        self._of[ref] = one
        self._received += 1

    def group(self) -> Found:
        """Put alike wordings together; the same texts in the same order give the same groups."""
        ordered = sorted(self._wordings.values(), key=lambda one: (-one.count, one.first))
        heads: list[Distinct] = []
        sizes: list[int] = []
        members: list[int] = []
        readable: list[int | None] = []
        index: dict[int, list[int]] = {}
        for one in ordered:
            marks = _marks(one.key) if one.length >= LONG_ENOUGH else []
            place = _nearest(one, marks, heads, index)
            if place is None:
                place = len(heads)
                heads.append(one)
                sizes.append(0)
                members.append(0)
                readable.append(None)
                for mark in marks:
                    bucket = index.setdefault(mark, [])
                    if len(bucket) < BUCKET:
                        bucket.append(place)
            one.group = place
            sizes[place] += one.count
            members[place] += 1
            if readable[place] is None:
                readable[place] = one.readable
        rank = sorted(range(len(heads)), key=lambda at: (-sizes[at], heads[at].first))
        number = {place: position for position, place in enumerate(rank, start=1)}
        return Found(
            received=self._received,
            worded=len(ordered),
            groups=[
                Group(number[place], sizes[place], members[place], readable[place])
                for place in rank
            ],
            _of=self._of,
            _numbers=number,
        )


def _nearest(
    one: Distinct, marks: list[int], heads: list[Distinct], index: dict[int, list[int]]
) -> int | None:
    """The group this wording belongs to, or None when it is like none."""
    shared: Counter[int] = Counter()
    for mark in marks:
        shared.update(index.get(mark, ()))
    best, best_score = None, 0.0
    for place, _hits in shared.most_common(CANDIDATES):
        head = heads[place]
        longer, shorter = max(head.length, one.length), min(head.length, one.length)
        if shorter * 100 < longer * 80:
            continue
        score = fuzz.ratio(one.key, head.key, score_cutoff=SIMILAR)
        if score > best_score:
            best, best_score = place, score
    return best


def _marks(key: str) -> list[int]:
    """The lowest fingerprints of the text's runs of four letters; texts alike share some."""
    codes = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = codes.astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = np.zeros(len(letters) - GRAM + 1, dtype=np.uint64)
        for offset in range(GRAM):
            part = letters[offset : len(letters) - GRAM + 1 + offset]
            mixed = mixed * np.uint64(1_000_003) + part
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(33)
    return [int(mark) for mark in np.unique(mixed)[:SKETCH]]
