"""The order of what was found: BM25 of our own, the same numbers whatever engine found it.

Counted are bigrams of Chinese characters and words, as engines index them, and beside them single
characters, which still tell where a question says otherwise what a text says. A document that
holds more of what is asked comes before one that holds a part of it often. The weights are what
drcd-dev asked for (``make bench-search``; docs/benchmarks.md): near them little changes. Runs of
three characters made it worse.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.analysis import Query, Term, prefix_of


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is ranked: its number, ``plain`` title and body, its length in tokens."""

    number: int
    title: str
    body: str
    length: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """What of the whole index a rank rests on."""

    documents: int
    average: float


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of match counts, and how soon a repetition stops counting."""

    single: float = 0.7
    word: float = 3.0
    title: float = 3.0
    k1: float = 1.8
    b: float = 0.75
    #: The power of the share of what was asked that a document holds.
    coverage: float = 1.0
    #: What counts of a text that says it another way (``search.synonyms``).
    synonym: float = 0.95


WEIGHTS = Weights()
#: What of a query is counted in each document, the rarest first: a pasted page would else be looked
#: for in hundreds of texts two thousand times each. A question has a tenth of that.
MOST = 200
#: And of each way of saying a part of it, however many ways there are.
LEAST = 10
#: What a full-text engine does by itself, to compare with.
BARE = Weights(single=0.0, word=1.0, title=1.0, k1=1.2, coverage=0.0)


@dataclass(frozen=True, slots=True)
class Feature:
    """Something to count in a document; ``key`` is what it is in an index."""

    text: str
    key: str
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one counted feature gave a document: how often it stands there, what one is worth (its
    weight by how rare it is), and the points that came of it."""

    text: str
    in_title: int
    in_body: int
    worth: float
    points: float


@dataclass(frozen=True, slots=True)
class Account:
    """How a document's score came about: its parts' points, by the share of what was asked that it
    holds. ``length`` is the body's in tokens."""

    score: float
    share: float
    length: int
    parts: tuple[Part, ...]


@dataclass
class Ledger:
    """What ``scored`` writes down of each document, for whoever asks why it stands where it does.

    ``worth``: of each feature that is counted, the most first.
    """

    worth: list[tuple[str, float]] = field(default_factory=list)
    accounts: dict[int, Account] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a query is counted in a document: ``always``, and of each choice its best way."""

    always: tuple[Feature, ...]
    choices: tuple[tuple[tuple[Feature, ...], ...], ...] = ()

    def keys(self) -> set[str]:
        """All of it as it is in an index."""
        found = {feature.key for feature in self.always}
        found.update(feature.key for ways in self.choices for way in ways for feature in way)
        return found


def features(query: Query, weights: Weights = WEIGHTS) -> Counted:
    """What is counted for a query, each once, in a steady order."""
    alone = len(query.asked) == 1
    return Counted(
        _features(query.ranked.alone, weights, alone=alone),
        tuple(
            tuple(_features(way, weights, alone=alone) for way in choice)
            for choice in query.ranked.choices
        ),
    )


def _features(terms: Iterable[Term], weights: Weights, *, alone: bool) -> tuple[Feature, ...]:
    """``alone``: one character is all that is asked, and counts for it."""
    found: dict[str, Feature] = {}
    for term in terms:
        text = term.text
        if not term.han:
            for word in term.parts():
                found.setdefault(f" {word} ", Feature(f" {word} ", word, weights.word))
            continue
        single = 1.0 if len(text) == 1 and alone else weights.single
        for at in range(len(text)):
            one, two = text[at], text[at : at + 2]
            found.setdefault(one, Feature(one, prefix_of(one), single))
            if len(two) == 2:
                found.setdefault(two, Feature(two, two, 1.0))
    return tuple(feature for feature in found.values() if feature.weight > 0)


def rarity(documents: int, holding: int) -> float:
    """How much a match tells: BM25's idf, which is never negative."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def ranked(
    rows: Iterable[Row],
    asked: Counted,
    frequencies: Mapping[str, int],
    corpus: Corpus,
    weights: Weights = WEIGHTS,
) -> list[int]:
    """The documents' numbers, best first; equals by their number."""
    scores = scored(rows, asked, frequencies, corpus, weights)
    return sorted(scores, key=lambda number: (-scores[number], number))


def scored(
    rows: Iterable[Row],
    asked: Counted,
    frequencies: Mapping[str, int],
    corpus: Corpus,
    weights: Weights = WEIGHTS,
    *,
    ledger: Ledger | None = None,
) -> dict[int, float]:
    """How well each document answers, by its number; more is better, none is below nought.

    ``ledger``: takes down what each score is made of.
    """
    counted = _rarest(_valued(asked.always, frequencies, corpus), MOST)
    # All ways together are as many again: twelve ways of a pasted page would be twelve pages.
    each_way = max(LEAST, MOST // max(1, sum(map(len, asked.choices))))
    choices = [
        _weighed([_rarest(_valued(way, frequencies, corpus), each_way) for way in ways], weights)
        for ways in asked.choices
    ]
    whole = sum(value for _text, value in counted)
    # Every way is weighed to tell as much as the query's own.
    whole += sum(value for ways in choices for _text, value in ways[0][0])
    average = corpus.average or 1.0
    if ledger is not None:
        asked_so = [each for ways in choices for each in ways[0][0]]
        ledger.worth = sorted([*counted, *asked_so], key=lambda each: (-each[1], each[0]))
    scores: dict[int, float] = {}
    for row in rows:
        parts: list[Part] | None = None if ledger is None else []
        long = weights.k1 * (1 - weights.b + weights.b * row.length / average)
        score, held = _score(row, counted, long, weights, parts=parts)
        for ways in choices:
            told: list[tuple[float, float, list[Part] | None]] = []
            for way, scale in ways:
                own: list[Part] | None = None if ledger is None else []
                points, own_held = _score(row, way, long, weights, parts=own, scale=scale)
                told.append((points, own_held, own))
            points, own_held, own = max(told, key=lambda each: each[:2])
            score, held = score + points, held + own_held
            if parts is not None:
                parts += own or ()
        share = (held / (whole or 1.0)) ** weights.coverage
        scores[row.number] = score * share
        if ledger is not None:
            told_parts = tuple(parts or ())
            ledger.accounts[row.number] = Account(score * share, share, row.length, told_parts)
    return scores


_Valued = list[tuple[str, float]]


def _valued(found: Iterable[Feature], frequencies: Mapping[str, int], corpus: Corpus) -> _Valued:
    return [
        (
            feature.text,
            feature.weight * rarity(corpus.documents, frequencies.get(feature.key, 0)),
        )
        for feature in found
    ]


def _rarest(found: _Valued, most: int) -> _Valued:
    """Those that tell most; in the order they came in where they are few."""
    if len(found) <= most:
        return found
    return sorted(found, key=lambda each: (-each[1], each[0]))[:most]


def _weighed(ways: list[_Valued], weights: Weights) -> list[tuple[_Valued, float]]:
    """Each way with what its score is multiplied by."""
    own = sum(value for _text, value in ways[0])
    return [
        (
            way,
            1.0 if way is ways[0] else weights.synonym * own / (sum(v for _t, v in way) or 1.0),
        )
        for way in ways
    ]


def _score(
    row: Row,
    counted: _Valued,
    long: float,
    weights: Weights,
    *,
    parts: list[Part] | None,
    scale: float = 1.0,
) -> tuple[float, float]:
    """How well a document answers, and how much of what was asked it holds, times ``scale``.

    ``parts``: what each feature gave is added here.
    """
    score = held = 0.0
    for text, value in counted:
        often: float = row.body.count(text)
        if text in row.title:
            often += weights.title * row.title.count(text)
        if often:
            held += value
            points = value * often * (weights.k1 + 1) / (often + long)
            score += points
            if parts is not None:
                in_title, in_body = row.title.count(text), row.body.count(text)
                parts.append(Part(text, in_title, in_body, value * scale, points * scale))
    return score * scale, held * scale
