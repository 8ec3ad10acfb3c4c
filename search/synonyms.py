"""Words for the same thing: what is said one way is found in every other way too.

Groups come from the table that administrators keep (``search.models.SynonymGroup``). A group's
phrases are read as texts are, so script, case and plural do not matter. Where one stands in a
query, within a longer run of Chinese characters too, the query may be answered in each of the
other ways: 港鐵票價 by texts with 地鐵票價, and by those with MTR and 票價.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from django.conf import settings
from django.db.models import Count, Max, Sum

from search.analysis import Choice, Segment, Term, segments
from search.models import SynonymGroup

#: Ways to say one part of a query, and parts of a query that are said in other ways. A line of
#: lift maintenance in four languages is no query, and every way is asked of the index.
WAYS, PARTS = 12, 8
#: Between the words of one phrase while ways are put together. No text can hold it.
_GLUE = "\ue001"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase as it is looked for in a ``plain`` query, and as it is put in."""

    looked_for: str
    put_in: str


class Thesaurus:
    """Groups of phrases, ready to be looked for."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._others: dict[str, list[str]] = {}
        for group in groups:
            phrases = list(dict.fromkeys(filter(None, map(_phrase, group))))
            for phrase in phrases:
                others = self._others.setdefault(phrase.looked_for, [])
                others += [each.put_in for each in phrases if each != phrase]
        longest_first = sorted(self._others, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def expand(self, found: Sequence[Segment]) -> tuple[Choice, ...]:
        """What of a query can be said in other ways; the first way of each is the query's own."""
        choices: list[Choice] = []
        for start, end in self._windows(found):
            if len(choices) == PARTS:
                break
            choice = self._ways(found[start:end])
            if len(choice) > 1 and choice not in choices:
                choices.append(choice)
        return tuple(choices)

    def _windows(self, found: Sequence[Segment]) -> list[tuple[int, int]]:
        """From which segment to which phrases reach, none touching another."""
        starts, at = [], 0
        for segment in found:
            starts.append(at)
            at += len(segment.text) + 2
        text = "".join(f" {segment.text} " for segment in found)
        windows: list[tuple[int, int]] = []
        place = 0
        for match in self._pattern.finditer(text):
            while place + 1 < len(starts) and starts[place + 1] <= match.start():
                place += 1
            end = place + 1
            while end < len(starts) and starts[end] < match.end():
                end += 1
            if windows and place < windows[-1][1]:
                windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
            else:
                windows.append((place, end))
        return windows

    def _ways(self, part: Sequence[Segment]) -> Choice:
        text = "".join(f" {segment.text} " for segment in part)
        pieces: list[list[str]] = []
        at = 0
        for match in self._pattern.finditer(text):
            pieces += [[text[at : match.start()]], [match[0], *self._others[match[0]]]]
            at = match.end()
        pieces.append([text[at:]])
        own = tuple(dict.fromkeys(Term(segment.text, segment.han) for segment in part))
        ways: dict[tuple[Term, ...], None] = {own: None}
        for put_together in product(*pieces):
            if len(ways) == WAYS:
                break
            ways[_terms("".join(put_together))] = None
        # The query's own words in another cut are no other way.
        return tuple(way for way in ways if way is own or way != own)


def _phrase(text: str) -> _Phrase | None:
    found = segments(text)
    if not found:
        return None
    looked_for = "".join(f" {segment.text} " for segment in found)
    if found[0].han:
        looked_for = looked_for[1:]
    if found[-1].han:
        looked_for = looked_for[:-1]
    if any(segment.han for segment in found):
        return _Phrase(looked_for, looked_for)
    return _Phrase(looked_for, f" {_GLUE.join(segment.text for segment in found)} ")


def _terms(text: str) -> tuple[Term, ...]:
    """The terms of a way that was put together."""
    return tuple(
        dict.fromkeys(
            Term(word.replace(_GLUE, "  "), han=any(each.han for each in segments(word)))
            for word in text.split(" ")
            if word
        )
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """``until``: the process's clock before which nobody looks whether the table changed."""

    until: float
    stamp: tuple[object, ...]
    thesaurus: Thesaurus


_held: list[_Held] = []


def current() -> Thesaurus:
    """The table's. A change counts at once in the process that made it, and within
    ``SYNONYMS_SECONDS`` in the others.

    Then one small query tells whether it changed, and only then it is read again. Any change moves
    the stamp: a new row its greatest key, another text its version, a row that is gone the count.
    Raises ``DatabaseError`` where there is no table.
    """
    held = _held[0] if _held else None
    if held is not None and held.until > time.monotonic():
        return held.thesaurus
    told = SynonymGroup.objects.aggregate(Count("pk"), Max("pk"), Sum("version"), Max("changed_at"))
    stamp = tuple(told.values())
    if held is not None and held.stamp == stamp:
        thesaurus = held.thesaurus
    else:
        thesaurus = Thesaurus(row.phrases for row in SynonymGroup.objects.order_by("pk"))
    _held[:] = [_Held(time.monotonic() + settings.SYNONYMS_SECONDS, stamp, thesaurus)]
    return thesaurus


def look_again() -> None:
    """The table changed: the next who asks looks. Called after the commit."""
    _held[:] = [replace(held, until=0.0) for held in _held]
