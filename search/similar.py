"""Texts that read alike: what somebody writes against what is there (docs/adr/0062).

How alike two texts are is a number of 0 to 1, in any script: half the share of tokens they have in
common (Jaccard: pairs of characters, single ones, stemmed words; words of grammar and the
beginnings of opinions left out), half
the share of letters that stand in the same order, which forgives a slip and a word half typed.

``alike`` looks public documents up in the index by their rarest tokens, whatever the engine, and
compares at most ``READ`` of them. ``most_alike`` compares texts that the caller holds, for what is
no public document. Both give the same answer on each database.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import DatabaseError
from rapidfuzz import fuzz, process

from core import clock
from core.fold import fold
from search.analysis import Segment, is_han, plain, prefix_of, segments
from search.live import Facts, LiveIndex, Narrowing, live_index
from search.models import SearchDoc
from search.tokens import held
from search.words import FUNCTION_WORDS, SAYING, SAYING_WORDS

logger = logging.getLogger(__name__)

#: Texts less alike than this say other things (measured: docs/benchmarks.md).
LEAST = 0.4
#: What of a text is compared.
COMPARED = 400
#: Documents that are read and compared for one text: short ones (titles), and whole texts.
READ, READ_WHOLE = 1200, 300
#: Tokens that are looked up at most, the rarest.
ASKED = 60
#: Of texts that the caller holds, those that a first glance by letters leaves to compare.
GLANCED = 50
_BATCH = 600
_LEFT_OUT = FUNCTION_WORDS | SAYING_WORDS


@dataclass(frozen=True, slots=True)
class Alike:
    """An object that reads like the text (``search.registry``), in which of its documents, and how
    much.
    """

    kind: str
    object_id: int
    document: int
    likeness: float


class Reading:
    """A text as it is compared, from a ``plain`` one."""

    __slots__ = ("letters", "tokens")

    def __init__(self, of_plain: str) -> None:
        parts = SAYING.sub(" ", of_plain).split() or of_plain.split()
        tokens = held([Segment(part, han=is_han(part[0])) for part in parts])
        #: A text of nothing but words of grammar keeps them.
        self.tokens = tokens - _LEFT_OUT or tokens
        self.letters = " ".join(parts)

    @classmethod
    def of(cls, text: str) -> Reading:
        return cls(plain(segments(text[:COMPARED])))

    def likeness(self, other: Reading) -> float:
        """0 for nothing in common, 1 for the same words in the same order."""
        together = self.tokens | other.tokens
        if not together:
            return 0.0
        common = len(self.tokens & other.tokens) / len(together)
        return (common + fuzz.ratio(self.letters, other.letters) / 100) / 2


def alike(
    text: str,
    *,
    kinds: Collection[str],
    scope: str = "",
    limit: int,
    least: float = LEAST,
    whole: bool = False,
) -> list[Alike]:
    """Public documents of these kinds that read most like the text, best first.

    Only those that everybody may see now, of the scope where one is named. A text is compared with
    titles, with all they say where ``whole``. What is shown has to be asked for once more where it
    lives. Suggestions never fail a page: where the index cannot answer there are none, and the
    operators are told.
    """
    wanted = Reading.of(text)
    if not wanted.tokens:
        return []
    narrowing = Narrowing(kinds=tuple(kinds), scopes=(scope,) if scope else ())
    try:
        index = live_index()
        with index.bounded():
            found = _holders(index, wanted, narrowing, whole=whole)
            texts = _texts(found, whole=whole)
    except DatabaseError:
        logger.exception("What reads alike could not be looked up.")
        return []
    best: dict[tuple[str, int], Alike] = {}
    for facts in found:
        if facts.number not in texts:
            continue
        one = Alike(*facts.key, facts.number, wanted.likeness(texts[facts.number]))
        known = best.get(facts.key)
        if one.likeness >= least and (known is None or known.likeness < one.likeness):
            best[facts.key] = one
    return sorted(best.values(), key=_order)[:limit]


def _order(one: Alike) -> tuple[float, str, int]:
    return -one.likeness, one.kind, -one.object_id


def _holders(
    index: LiveIndex, wanted: Reading, narrowing: Narrowing, *, whole: bool
) -> list[Facts]:
    """Those that hold the rarest tokens, as many tokens as so many documents hold together."""
    limit = READ_WHOLE if whole else READ
    keys = {token if len(token) > 1 else prefix_of(token) for token in wanted.tokens}
    counted, _corpus = index.frequencies(keys)
    chosen: list[str] = []
    together = 0
    for key in sorted(keys, key=lambda key: (counted.get(key, 1), key))[:ASKED]:
        together += counted.get(key, 1)
        if chosen and together > limit:
            break
        chosen.append(key)
    now = clock.now()
    return index.holding_some(chosen, narrowing, now, limit, in_title=not whole)


def _texts(found: Collection[Facts], *, whole: bool) -> dict[int, Reading]:
    numbers = [facts.number for facts in found]
    read: dict[int, Reading] = {}
    columns = ["title", "body"] if whole else ["title_plain"]
    for at in range(0, len(numbers), _BATCH):
        rows = SearchDoc.objects.filter(pk__in=numbers[at : at + _BATCH])
        for number, *texts in rows.values_list("pk", *columns):
            text = "\n".join(filter(None, texts))
            # A plain title is folded and stemmed already.
            read[number] = Reading.of(text) if whole else Reading(text[:COMPARED])
    return read


def most_alike(
    text: str, texts: Mapping[int, str], *, limit: int, least: float = LEAST
) -> list[tuple[int, float]]:
    """Which of these texts, by the caller's keys, read most like this one, best first.

    A first glance by letters chooses whom to compare where there are many.
    """
    wanted = Reading.of(text)
    if not wanted.tokens:
        return []
    keys: Iterable[int] = texts
    if len(texts) > 2 * GLANCED:
        keys = _glanced(fold(text[:COMPARED]), texts)
    found = {key: wanted.likeness(Reading.of(texts[key])) for key in keys}
    best = sorted((key for key in found if found[key] >= least), key=lambda key: -found[key])
    return [(key, found[key]) for key in best[:limit]]


def _glanced(folded: str, texts: Mapping[int, str]) -> list[int]:
    """Words in any order, for languages with spaces; letters in a row, for those without."""
    cut = {key: fold(text[:COMPARED]) for key, text in texts.items()}
    keys: dict[int, None] = {}
    for scorer in (fuzz.token_set_ratio, fuzz.ratio):
        keys.update(
            (key, None)
            for _text, _score, key in process.extract(folded, cut, scorer=scorer, limit=GLANCED)
        )
    return list(keys)
