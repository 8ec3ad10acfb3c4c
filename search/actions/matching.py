"""What became public, led to the questions that it answers.

Each new text is looked at once, however many people keep how many questions: a question is found
by the rarest of its tokens (``SavedToken``), and whether the text holds all of it and fits its
filters is told by the same rules as on the page. No engine is asked, so none can be away.

What a batch answers is worked out first, while nothing is held. Writing it down is one transaction:
that something arrived, what it answers, and who is to be told when, all stand or nothing does. What
was changed or hidden in between is left for the next time, as a worker that is killed leaves what
it had not done.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

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
    SearchScope,
)
from search.saved.questions import Reading, lead_to, narrowing_of, reading
from search.saved.turn import wait_for_turn
from search.tokens import MARK, token_of

#: New objects, and questions, of one transaction.
AT_ONCE = 100
#: Words of texts that are in memory at once, unless one object has more.
WORDS = 200_000
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
    digest: str
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
    found, whole = 0, True
    read = reading()
    while _read_again(read):
        continue
    since, begun = _last_look(), clock.now()
    for part in _parts(_unknown(), AT_ONCE):
        for few in _light(part):
            texts = _texts(few, begun)
            arrived = _arrive(texts, read, since) if texts else 0
            found += arrived
            whole = whole and arrived == len(texts)
    if whole:
        _note_look(begun)
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


def _last_look() -> dt.datetime | None:
    """When everything public was last known, as the one row without a kind says."""
    row = SearchArrival.objects.filter(kind="", object_id=0).first()
    return row.at if row is not None else None


def _note_look(at: dt.datetime) -> None:
    SearchArrival.objects.bulk_create(
        [SearchArrival(kind="", object_id=0, at=at)],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["at"],
    )


def _unknown() -> list[_Object]:
    """Objects with documents of visible scopes that were not found to be public yet."""
    known = SearchArrival.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    seen = SearchScope.objects.filter(key=OuterRef("scope"), visible=True)
    rows = SearchDoc.objects.filter(~Exists(known), Exists(seen)).values_list("kind", "object_id")
    return list(rows.order_by("kind", "object_id").distinct())


def _light(objects: Sequence[_Object]) -> Iterator[list[_Object]]:
    """These in parts whose texts are read at once: of at most ``WORDS``, or one object."""
    words: dict[_Object, int] = defaultdict(int)
    lengths = SearchDoc.objects.filter(_of(objects)).values_list("kind", "object_id", "length")
    for kind, pk, length in lengths:
        words[kind, pk] += length
    part: list[_Object] = []
    sum_of_part = 0
    for key in objects:
        more = words[key]
        if part and sum_of_part + more > WORDS:
            yield part
            part, sum_of_part = [], 0
        part.append(key)
        sum_of_part += more
    yield part


def _arrive(
    texts: Mapping[_Object, Sequence[_Text]], read: Reading, since: dt.datetime | None
) -> int:
    """Those of these that stand as they were read have arrived; what they answer is written down.

    How many. Others are left for the next time.
    """
    answered = list(_answered(texts, read, clock.now()))
    faults.point("saved.answered")
    return _write(texts, answered, since)


@transaction.atomic
def _write(
    read_before: Mapping[_Object, Sequence[_Text]],
    answered: Sequence[tuple[int, _Object]],
    since: dt.datetime | None,
) -> int:
    wait_for_turn()
    now = clock.now()
    texts = _unchanged(read_before, now)
    if not texts:
        return 0
    # Nobody gives up a question while the turn is held.
    asked = _still_kept({question for question, _key in answered})
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
        for question, (kind, pk) in answered
        if question in asked and (kind, pk) in texts
    ]
    SavedHit.objects.bulk_create(hits, batch_size=ROWS, ignore_conflicts=True)
    faults.point("saved.matched")
    _make_due({hit.question_id for hit in hits}, now)
    faults.point("saved.due")
    return len(texts)


def _unchanged(
    texts: Mapping[_Object, Sequence[_Text]], now: dt.datetime
) -> dict[_Object, Sequence[_Text]]:
    """Those that everybody may still see, with the same facts and words as when they were read."""
    facts = _visible(texts, now)
    digests = _digests(facts)
    stand: dict[_Object, set[tuple[Facts, str]]] = defaultdict(set)
    for number, each in facts.items():
        stand[each.key].add((each, digests.get(number, "")))
    return {
        key: read
        for key, read in texts.items()
        if {(text.facts, text.digest) for text in read} == stand[key]
    }


def _still_kept(questions: Collection[int]) -> set[int]:
    found: set[int] = set()
    for part in _parts(sorted(questions), ROWS):
        found.update(SavedQuestion.objects.filter(pk__in=part).values_list("pk", flat=True))
    return found


def _texts(objects: Collection[_Object], now: dt.datetime) -> dict[_Object, list[_Text]]:
    """The documents that everybody may see, by object."""
    visible = _visible(objects, now)
    found: dict[_Object, list[_Text]] = defaultdict(list)
    for part in _parts(sorted(visible), ROWS):
        rows = SearchDoc.objects.filter(pk__in=part).order_by("pk")
        for pk, digest, tokens, title, body in rows.values_list(
            "pk", "digest", "tokens", "title_plain", "body_plain"
        ):
            facts = visible[pk]
            found[facts.key].append(_Text(facts, digest, frozenset(tokens.split()), title, body))
    return found


def _visible(objects: Collection[_Object], now: dt.datetime) -> dict[int, Facts]:
    """What is known of their documents that everybody may see, by number. No text is read."""
    numbers = SearchDoc.objects.filter(_of(objects)).order_by("pk").values_list("pk", flat=True)
    return {facts.number: facts for facts in LiveIndex().facts(list(numbers), now)}


def _digests(numbers: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in _parts(sorted(numbers), ROWS):
        found.update(SearchDoc.objects.filter(pk__in=part).values_list("pk", "digest"))
    return found


def _of(objects: Collection[_Object]) -> Q:
    """Documents of these objects."""
    wanted = Q(pk__in=())
    for kind, keys in _by_kind(objects).items():
        wanted |= Q(kind=kind, object_id__in=keys)
    return wanted


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
