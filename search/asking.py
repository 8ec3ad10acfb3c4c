"""From what the box asks to a page of hits: look up, collapse languages, rank, count facets.

No query reads more than ``COUNTED`` documents' facts and ``RANKED`` documents' texts, however many
hold what it asks (docs/adr/0060). Where there are more, the newest are taken, those first that hold
everything in their title, and the answer says that there are more than it counts.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from core.exceptions import Unavailable
from search import synonyms
from search.analysis import Query, prefix_of, read_query
from search.choosing import FACETS, Choice
from search.finding import CANDIDATES
from search.live import Facts, LiveIndex, Narrowing, live_index
from search.ranking import Corpus, Ledger, features, scored
from search.states import is_open
from search.synonyms import Thesaurus

logger = logging.getLogger(__name__)

#: Documents whose facts are read for a query, and those whose texts are read to rank them.
COUNTED, RANKED = 1200, 300
#: Where nothing holds everything: as many tokens as are in so many documents together.
NEAR = CANDIDATES
#: Scores within a twentieth of the best are as good as each other: open ones come first.
BANDS = 20
SORTS = ("relevance", "newest", "closing")


@dataclass(frozen=True, slots=True)
class Place:
    """Where best match puts a document: scores in ``band`` are as good as each other, in which
    open ones come first; then the score decides, then the newest."""

    band: int
    is_open: bool


@dataclass
class Watch:
    """What an answer rests on, taken down while it is made, for whoever asks why.

    ``keys``: what was looked up, the rarest first; ``frequencies``: in how many documents each was
    when they were last counted, none for fewer than two; ``read``: how many documents were found by
    it (at most one more than ``COUNTED``), ``chosen``: how many the reader's filters left.
    ``places`` are of those that were ranked, the first ``RANKED``.
    """

    keys: list[str] = field(default_factory=list)
    frequencies: Mapping[str, int] = field(default_factory=dict)
    corpus: Corpus = field(default_factory=lambda: Corpus(0, 0.0))
    read: int = 0
    chosen: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    places: dict[int, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gives. ``hits``: one document of each object, best first.

    ``more``: there are more than were counted, here and in ``facets`` (value to how many, by
    facet). ``whole``: each holds everything that was asked. ``reserve``: the database's own index
    answered for a server that is away.
    """

    query: Query
    hits: list[Facts]
    facets: Mapping[str, Mapping[str, int]]
    more: bool
    whole: bool
    reserve: bool = False
    #: What it was ranked by, and the synonyms it was read with.
    frequencies: Mapping[str, int] = field(default_factory=dict, compare=False)
    corpus: Corpus = field(default=Corpus(0, 0.0), compare=False)
    thesaurus: Thesaurus | None = field(default=None, compare=False)


@contextmanager
def opened() -> Iterator[LiveIndex]:
    """The index for everything that one page looks up.

    Raises ``Unavailable`` while it is broken or away, which is told to the operators.
    """
    try:
        index = live_index()
        with index.bounded():
            yield index
    except DatabaseError as error:
        logger.exception("Search could not be answered.")
        raise Unavailable(_("Search is not working at the moment")) from error


def ask(
    text: str,
    narrowing: Narrowing,
    *,
    sort: str,
    language: str,
    now: dt.datetime,
    watch: Watch | None = None,
    thesaurus: Thesaurus | None = None,
    index: LiveIndex | None = None,
) -> Found:
    """The hits of a query for a reader of this language, whatever the text.

    ``watch`` takes down what the answer rests on. ``thesaurus``: the synonyms, where they were read
    already. ``index``: an open one; without it the look-up opens its own.

    Raises ``Unavailable`` while the index is broken or away, which is told to the operators.
    """
    if index is None:
        with opened() as own:
            return ask(
                text,
                narrowing,
                sort=sort,
                language=language,
                now=now,
                watch=watch,
                thesaurus=thesaurus,
                index=own,
            )
    same = thesaurus or synonyms.current()
    query = read_query(text, same.expand)
    if not query.terms:
        return Found(query, [], {name: {} for name in FACETS}, more=False, whole=True)
    asked = _Asked(index, query, narrowing, sort=sort, language=language, now=now)
    asked.watch = watch
    return replace(asked.found(), thesaurus=same)


class _Asked:
    def __init__(
        self,
        index: LiveIndex,
        query: Query,
        narrowing: Narrowing,
        *,
        sort: str,
        language: str,
        now: dt.datetime,
    ) -> None:
        self._index = index
        self._query, self._narrowing, self._sort = query, narrowing, sort
        self._language, self._now = language, now
        self._features = features(query)
        keys = self._features.keys() | query.keys()
        self._frequencies: Mapping[str, int]
        self._corpus: Corpus
        self._frequencies, self._corpus = self._index.frequencies(keys)
        self._whole = True
        self._choice = Choice(narrowing, now)
        self.watch: Watch | None = None
        #: Documents that hold everything in their title, where not all documents were read.
        self._titled: set[int] = set()

    def found(self) -> Found:
        # What it is asked within is no facet: nothing outside of it is counted.
        within = Narrowing(scopes=self._narrowing.scopes)
        everything = self._look_up(within)
        if not everything:
            self._whole = False
            everything = self._look_up(within)
        more = len(everything) > COUNTED
        chosen = everything
        if self._narrowing:
            if more:
                chosen = self._look_up(self._narrowing)
            chosen = [facts for facts in chosen if self._choice.fits(facts)]
        if self.watch is not None:
            self.watch.frequencies, self.watch.corpus = self._frequencies, self._corpus
            self.watch.keys = self._needed() if self._whole else self._rarest_together()
            self.watch.read, self.watch.chosen = len(everything), len(chosen)
        hits = self._in_order(self._collapsed(chosen))
        counted = list({facts.number: facts for facts in (*everything, *chosen)}.values())
        return Found(
            self._query,
            hits,
            self._choice.counts(counted),
            more=more and (not self._narrowing or len(chosen) > COUNTED),
            whole=self._whole,
            reserve=self._index.reserve,
            frequencies=self._frequencies,
            corpus=self._corpus,
        )

    def _look_up(self, narrowing: Narrowing) -> list[Facts]:
        """At most one more than ``COUNTED``, and those of the titles where there are as many."""
        if not self._whole:
            keys = self._rarest_together()
            if not keys:
                return []
            return self._index.holding_some(keys, narrowing, self._now, COUNTED + 1)
        terms, choices = self._query.needed.alone, self._query.needed.choices
        rarest = self._by_rarity({key for term in terms for key in term.parts()})
        found = self._index.holding_all(
            terms, rarest, narrowing, self._now, COUNTED + 1, choices=choices
        )
        if len(found) <= COUNTED:
            return found
        titled = self._index.holding_all(
            terms, rarest, narrowing, self._now, RANKED, choices=choices, in_title=True
        )
        self._titled.update(facts.number for facts in titled)
        return [*titled, *(facts for facts in found if facts.number not in self._titled)]

    def _needed(self) -> list[str]:
        """What is looked up, the rarest first: a document must hold all of it, of what can be said
        in several ways one."""
        return self._by_rarity(self._query.needed.keys())

    def _by_rarity(self, keys: Iterable[str]) -> list[str]:
        return sorted(keys, key=lambda key: (self._frequencies.get(key, 1), key))

    def _rarest_together(self) -> list[str]:
        """As ``search.finding`` chooses, but that a token nobody has counted may still be there."""
        keys = self._query.ranked.keys()
        singles = {prefix_of(one) for term in self._query.asked if term.han for one in term.text}
        if not keys & self._frequencies.keys():
            keys |= singles
        chosen: list[str] = []
        together = 0
        for key in self._by_rarity(keys):
            together += self._frequencies.get(key, 1)
            if chosen and together > NEAR:
                break
            chosen.append(key)
        return chosen

    def _collapsed(self, rows: Sequence[Facts]) -> list[Facts]:
        """One document of each object: in the reader's language where that one was found."""
        found: dict[tuple[str, int], Facts] = {}
        for facts in rows:
            known = found.get(facts.key)
            if known is None or (
                facts.language == self._language and known.language != self._language
            ):
                found[facts.key] = facts
        return list(found.values())

    def _in_order(self, rows: list[Facts]) -> list[Facts]:
        now = self._now
        if self._sort == "newest":
            return sorted(rows, key=lambda row: (row.at, row.number), reverse=True)
        if self._sort == "closing":
            return sorted(rows, key=lambda row: _by_close(row, now))
        first, rest = rows[:RANKED], rows[RANKED:]
        scores = scored(
            self._index.rows([row.number for row in first]),
            self._features,
            self._frequencies,
            self._corpus,
            ledger=self.watch.ledger if self.watch is not None else None,
        )
        best = max(scores.values(), default=0.0) or 1.0
        places = {
            row.number: Place(
                int(scores.get(row.number, 0.0) / best * BANDS), "open" in self._choice.states(row)
            )
            for row in first
        }
        if self.watch is not None:
            self.watch.places = places

        def by_score(row: Facts) -> tuple[int, bool, float, int]:
            place = places[row.number]
            score = scores.get(row.number, 0.0)
            return -place.band, not place.is_open, -score, -row.number

        return [*sorted(first, key=by_score), *rest]


def _by_close(row: Facts, now: dt.datetime) -> tuple[int, float, int]:
    """Open ones by their close, then those to come by their opening, then the last closed first."""
    if row.closes_at is None or row.opens_at is None:
        return 3, 0.0, -row.number
    if is_open(row, now):
        return 0, row.closes_at.timestamp(), -row.number
    if row.opens_at > now:
        return 1, row.opens_at.timestamp(), -row.number
    return 2, -row.closes_at.timestamp(), -row.number
