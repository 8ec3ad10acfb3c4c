"""What became public, led to the questions that it answers.

Each new text is looked at once, however many people keep how many questions: a question is found
by the rarest of its tokens (``SavedToken``), and whether the text holds all of it and fits its
filters is told by the same rules as on the page. No engine is asked, so none can be away.

A batch is one transaction: that something arrived, what it answers, and who is to be told when,
all stand or nothing does. A worker that is killed leaves what it had not done for the next.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from core import clock, faults
from search import choosing
from search.actions.saving import next_time
from search.analysis import Query, Term, read_query
from search.live import Facts, LiveIndex
from search.models import (
    Every,
    SavedHit,
    SavedQuestion,
    SavedSearch,
    SavedToken,
    SearchArrival,
    SearchDoc,
)
from search.saved.questions import Reading, lead_to, narrowing_of, reading
from search.saved.turn import wait_for_turn
from search.tokens import MARK, token_of

#: New objects, and questions, of one transaction.
AT_ONCE = 100
#: Rows or values of one statement.
ROWS = 500
#: For so long hits are kept: whoever is told once a week was told long before.
KEPT = dt.timedelta(days=40)
_Object = tuple[str, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Text:
    """A document that became public."""

    facts: Facts
    tokens: frozenset[str]
    title: str
    body: str

    def holds(self, query: Query) -> bool:
        """Whether it holds everything that is asked, as a look-up in the index would say."""
        return all(self._stands(term) for term in query.needed.alone) and all(
            any(all(self._stands(term) for term in way) for way in choice)
            for choice in query.needed.choices
        )

    def _stands(self, term: Term) -> bool:
        parts = term.parts()
        if len(parts) == 1:
            return token_of(parts[0]) in self.tokens
        return term.held_by(self.title) or term.held_by(self.body)


def match() -> int:
    """Lead everything new to the questions it answers; how many objects. Safe to run twice."""
    found = 0
    read = reading()
    while _read_again(read):
        continue
    since = SearchArrival.objects.aggregate(last=Max("at"))["last"]
    for part in _parts(_unknown(), AT_ONCE):
        found += _arrive(part, read, since)
    return found


def forget() -> int:
    """Delete hits that everybody was told of long ago; how many. Safe to run twice."""
    return SavedHit.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


@transaction.atomic
def _read_again(read: Reading) -> int:
    """Choose the tokens anew of some questions that were read another way."""
    wait_for_turn()
    rows = list(SavedQuestion.objects.exclude(read_as=read.name).order_by("pk")[:ROWS])
    if rows:
        lead_to(rows, read)
    return len(rows)


def _unknown() -> list[_Object]:
    """Objects that have documents and were not found to be public yet. Indexes alone are read."""
    known = SearchArrival.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    rows = SearchDoc.objects.filter(~Exists(known)).values_list("kind", "object_id")
    return list(rows.order_by("kind", "object_id").distinct())


@transaction.atomic
def _arrive(objects: Sequence[_Object], read: Reading, since: dt.datetime | None) -> int:
    """Those of these that everybody may see have arrived; what they answer is written down."""
    wait_for_turn()
    now = clock.now()
    texts = _texts(objects, now)
    if not texts:
        return 0
    SearchArrival.objects.bulk_create(
        [SearchArrival(kind=kind, object_id=pk, at=now) for kind, pk in texts],
        ignore_conflicts=True,
    )
    faults.point("saved.arrived")
    hits = [
        SavedHit(
            question_id=question,
            kind=kind,
            object_id=pk,
            document=max(text.facts.number for text in texts[kind, pk]),
            since=since,
            at=now,
        )
        for question, (kind, pk) in _answered(texts, read, now)
    ]
    SavedHit.objects.bulk_create(hits, batch_size=ROWS, ignore_conflicts=True)
    faults.point("saved.matched")
    _make_due({hit.question_id for hit in hits}, now)
    faults.point("saved.due")
    return len(texts)


def _texts(objects: Sequence[_Object], now: dt.datetime) -> dict[_Object, list[_Text]]:
    """The documents that everybody may see, by object."""
    wanted = Q()
    for kind, keys in _by_kind(objects).items():
        wanted |= Q(kind=kind, object_id__in=keys)
    rows = {
        pk: (frozenset(tokens.split()), title, body)
        for pk, tokens, title, body in SearchDoc.objects.filter(wanted).values_list(
            "pk", "tokens", "title_plain", "body_plain"
        )
    }
    found: dict[_Object, list[_Text]] = defaultdict(list)
    for facts in LiveIndex().facts(sorted(rows), now):
        found[facts.key].append(_Text(facts, *rows[facts.number]))
    return found


def _by_kind(objects: Collection[_Object]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for kind, pk in objects:
        found[kind].append(pk)
    return found


def _answered(
    texts: Mapping[_Object, Sequence[_Text]], read: Reading, now: dt.datetime
) -> Iterator[tuple[int, _Object]]:
    """Questions, each with an object that answers it, none twice."""
    holding: dict[str, set[_Object]] = defaultdict(set)
    for key, each in texts.items():
        for text in each:
            for token in text.tokens:
                if not token.startswith(MARK):
                    holding[token].add(key)
    candidates: dict[int, set[_Object]] = defaultdict(set)
    for part in _parts(sorted(holding), ROWS):
        rows = SavedToken.objects.filter(token__in=part).values_list("token", "question_id")
        for token, question in rows.iterator(chunk_size=ROWS):
            candidates[question] |= holding[token]
    for keys in _parts(sorted(candidates), ROWS):
        for row in SavedQuestion.objects.filter(pk__in=keys).order_by("pk"):
            query = read_query(row.text, read.thesaurus.expand)
            choice = choosing.Choice(narrowing_of(row.facets), now)
            for key in sorted(candidates[row.pk]):
                if any(choice.fits(text.facts) and text.holds(query) for text in texts[key]):
                    yield row.pk, key


def _make_due(questions: Collection[int], now: dt.datetime) -> None:
    """Whoever keeps these and wants to be told is told at the next time of theirs."""
    for every in (Every.SOON, Every.DAILY, Every.WEEKLY):
        at = next_time(every, now)
        for part in _parts(sorted(questions), ROWS):
            rows = SavedSearch.objects.filter(question_id__in=part, every=every)
            rows.filter(Q(due_at=None) | Q(due_at__gt=at)).update(due_at=at)


def _parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[at : at + size] for at in range(0, len(values), size))
