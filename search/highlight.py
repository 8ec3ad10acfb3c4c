"""Marking what was found in the author's own text: the same on every engine.

The text is folded character by character with each place remembered, what was asked is looked for
in that, and the places are marked in the text as it was written. The template escapes each piece;
nothing here is ever HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.fold import fold
from search.analysis import Query, segments

#: How long the text under a title is.
SNIPPET = 180
#: What of it stands before the first hit.
BEFORE = 40
_WORD = re.compile(r"[^\W_][\w'’]*")
_LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it was asked for."""

    text: str
    marked: bool


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    return fold(character) or (" " if character.isspace() else "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is marked: runs of Chinese characters, and stems of words."""

    runs: tuple[str, ...]
    words: frozenset[str]


def wanted(query: Query, *, whole: bool) -> Wanted:
    """What to mark of a query; pairs of characters where documents hold only some of it."""
    terms = list((query.needed if whole else query.ranked).every())
    runs: dict[str, None] = {}
    for term in terms:
        if term.han and (whole or len(term.text) < 3):
            runs[term.text] = None
        elif term.han:
            runs.update(dict.fromkeys(term.text[at : at + 2] for at in range(len(term.text) - 1)))
    return Wanted(
        tuple(runs), frozenset(word for term in terms if not term.han for word in term.parts())
    )


def marked(text: str, looked_for: Wanted) -> list[Piece]:
    """The whole text in pieces."""
    return list(_pieces(text, _spans(text, looked_for), 0, len(text)))


def snippet(text: str, looked_for: Wanted, *, length: int = SNIPPET) -> list[Piece]:
    """The part of a text in which most of what was asked stands close together.

    Its beginning where nothing stands in it. An ellipsis stands where something is left out.
    """
    text = " ".join(text[:_LONGEST].split())
    spans = _spans(text, looked_for)
    start = _best_start(spans, length)
    start = max(0, start - BEFORE)
    if start:
        # Not within a word.
        space = text.find(" ", start, start + BEFORE // 2)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", end - BEFORE // 2, end)
        end = space if space > 0 else end
    found = list(_pieces(text, spans, start, end))
    if start:
        found.insert(0, Piece("…", marked=False))
    if end < len(text):
        found.append(Piece("…", marked=False))
    return found


def _best_start(spans: list[tuple[int, int]], length: int) -> int:
    """Where the window with most hits begins; the first of equals."""
    best, most = 0, 0
    for place, (start, _end) in enumerate(spans):
        held = sum(1 for _from, to in spans[place : place + 30] if to <= start + length - BEFORE)
        if held > most:
            best, most = start, held
    return best


def _spans(text: str, looked_for: Wanted) -> list[tuple[int, int]]:
    """Places of the text to mark, in order, none touching another."""
    folded, places = [], []
    for at, character in enumerate(text[:_LONGEST]):
        for one in _folded(character):
            folded.append(one)
            places.append(at)
    line = "".join(folded)
    found = [*_runs(line, looked_for.runs), *_words(line, looked_for.words)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted((places[start], places[end - 1] + 1) for start, end in found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _runs(line: str, runs: Iterable[str]) -> Iterator[tuple[int, int]]:
    for run in runs:
        at = line.find(run)
        while at >= 0:
            yield at, at + len(run)
            at = line.find(run, at + 1)


def _words(line: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    if not words:
        return
    for match in _WORD.finditer(line):
        if _stems(match[0]) & words:
            yield match.span()


@lru_cache(maxsize=20_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(segment.text for segment in segments(word) if not segment.han)


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for begin, finish in spans:
        first, last = max(begin, start), min(finish, end)
        if last <= first:
            continue
        if first > at:
            yield Piece(text[at:first], marked=False)
        yield Piece(text[first:last], marked=True)
        at = last
    if end > at:
        yield Piece(text[at:end], marked=False)
