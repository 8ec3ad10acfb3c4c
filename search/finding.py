"""From a query to hits: which documents hold what is asked, and in which order.

First the documents that hold every term, runs of Chinese characters exactly. Only where none does,
those that hold some of the rarest tokens; ``Answer.whole`` tells the two apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analysis import Expand, Query, Term, prefix_of, read_query
from search.engines.base import Engine
from search.ranking import WEIGHTS, Weights, features, ranked

#: Rarest keys that an engine is asked for; the others are looked for in what it found.
ASKED_OF_ENGINE = 16
#: A long question is asked by its rarest tokens, as long as so many documents hold them together.
CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """Documents' numbers, best first. ``whole``: each holds all that was asked."""

    hits: list[int]
    whole: bool
    sentence: bool


def find(
    engine: Engine, text: str, weights: Weights = WEIGHTS, expand: Expand | None = None
) -> Answer:
    """The hits of a query. Raises nothing for any text; one without letters has no hits.

    ``expand``: finds in a query what can be said in other ways (``search.synonyms``).
    """
    query = read_query(text, expand) if expand else read_query(text)
    counted = features(query, weights)
    frequencies = engine.frequencies(counted.keys() | query.keys())
    numbers = _holding_all(engine, query, frequencies)
    whole = bool(numbers)
    if not numbers:
        numbers = _holding_some(engine, query, frequencies)
    hits = ranked(engine.rows(numbers), counted, frequencies, engine.corpus, weights)
    return Answer(hits, whole, query.sentence)


def _holding_all(engine: Engine, query: Query, frequencies: Mapping[str, int]) -> list[int]:
    needed = query.needed
    found = _holding(engine, needed.alone, frequencies) if needed.alone else None
    for choice in needed.choices:
        held: set[int] = set()
        for way in choice:
            held.update(_holding(engine, way, frequencies))
        found = held if found is None else found & held
    return sorted(found or ())


def _holding(engine: Engine, terms: Sequence[Term], frequencies: Mapping[str, int]) -> set[int]:
    """The documents that hold every one of these terms."""
    wanted = {key for term in terms for key in term.parts()}
    if not wanted or not wanted <= frequencies.keys():
        return set()
    # What is rarest leaves the fewest to look through.
    rarest = sorted(wanted, key=lambda key: (frequencies[key], key))[:ASKED_OF_ENGINE]
    numbers = engine.all_of(rarest)
    if len(rarest) == len(wanted) and all(len(term.parts()) == 1 for term in terms):
        return set(numbers)
    return {
        row.number
        for row in engine.rows(numbers)
        if all(term.held_by(row.title) or term.held_by(row.body) for term in terms)
    }


def _holding_some(engine: Engine, query: Query, frequencies: Mapping[str, int]) -> list[int]:
    keys = query.ranked.keys()
    if not keys & frequencies.keys():
        # Nobody has written two of these characters side by side.
        keys = {prefix_of(one) for term in query.asked if term.han for one in term.text}
    chosen: list[str] = []
    together = 0
    for documents, key in sorted((frequencies.get(key, 0), key) for key in keys):
        together += documents
        if chosen and together > CANDIDATES:
            break
        if documents:
            chosen.append(key)
    return engine.any_of(chosen)
