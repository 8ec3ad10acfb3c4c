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

from search.analysis import Query, prefix_of


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


WEIGHTS = Weights()
#: What of a query is counted in each document, the rarest first: a pasted page would else be looked
#: for in hundreds of texts two thousand times each. A question has a tenth of that.
MOST = 200
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


def features(query: Query, weights: Weights = WEIGHTS) -> list[Feature]:
    """What is counted for a query, each once, in a steady order."""
    found: dict[str, Feature] = {}
    for term in query.asked:
        text = term.text
        if not term.han:
            found.setdefault(f" {text} ", Feature(f" {text} ", text, weights.word))
            continue
        alone = 1.0 if len(text) == 1 and len(query.asked) == 1 else weights.single
        for at in range(len(text)):
            one, two = text[at], text[at : at + 2]
            found.setdefault(one, Feature(one, prefix_of(one), alone))
            if len(two) == 2:
                found.setdefault(two, Feature(two, two, 1.0))
    return [feature for feature in found.values() if feature.weight > 0]


def rarity(documents: int, holding: int) -> float:
    """How much a match tells: BM25's idf, which is never negative."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def ranked(
    rows: Iterable[Row],
    asked: list[Feature],
    frequencies: Mapping[str, int],
    corpus: Corpus,
    weights: Weights = WEIGHTS,
) -> list[int]:
    """The documents' numbers, best first; equals by their number."""
    scores = scored(rows, asked, frequencies, corpus, weights)
    return sorted(scores, key=lambda number: (-scores[number], number))


def scored(
    rows: Iterable[Row],
    asked: list[Feature],
    frequencies: Mapping[str, int],
    corpus: Corpus,
    weights: Weights = WEIGHTS,
    *,
    ledger: Ledger | None = None,
) -> dict[int, float]:
    """How well each document answers, by its number; more is better, none is below nought.

    ``ledger``: takes down what each score is made of.
    """
    counted = [
        (
            feature.text,
            feature.weight * rarity(corpus.documents, frequencies.get(feature.key, 0)),
        )
        for feature in asked
    ]
    if len(counted) > MOST:
        counted = sorted(counted, key=lambda each: (-each[1], each[0]))[:MOST]
    whole = sum(value for _text, value in counted) or 1.0
    average = corpus.average or 1.0
    if ledger is not None:
        ledger.worth = sorted(counted, key=lambda each: (-each[1], each[0]))
    scores: dict[int, float] = {}
    for row in rows:
        parts: list[Part] = []
        long = weights.k1 * (1 - weights.b + weights.b * row.length / average)
        score = held = 0.0
        for text, value in counted:
            often: float = row.body.count(text)
            if text in row.title:
                often += weights.title * row.title.count(text)
            if often:
                held += value
                points = value * often * (weights.k1 + 1) / (often + long)
                score += points
                if ledger is not None:
                    in_title, in_body = row.title.count(text), row.body.count(text)
                    parts.append(Part(text, in_title, in_body, value, points))
        share = (held / whole) ** weights.coverage
        scores[row.number] = score * share
        if ledger is not None:
            ledger.accounts[row.number] = Account(score * share, share, row.length, tuple(parts))
    return scores
