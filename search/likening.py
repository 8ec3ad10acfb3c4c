"""Comparing what can be found, behind the writes: what "More like this" shows (docs/adr/0066).

Two texts are like each other by the words they share, rare ones more than common ones: the cosine
of their titles and the first lines of their texts, each token counted by how few documents hold it.
That is looser than ``search.similar``, which looks for texts that say the same.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from core import again, clock
from search import registry
from search.analysis import prefix_of
from search.live import LiveIndex, Narrowing, live_index
from search.models import SearchCompared, SearchDoc, SearchLike
from search.similar import Reading

logger = logging.getLogger(__name__)

#: What of a text is compared beside its title, and how much more the title says.
COMPARED, TITLE = 400, 2.0
#: Less alike is not shown, and no more of one object are kept.
LEAST, KEPT = 0.12, 8
#: Documents that are read for one, and tokens that they are looked up by.
READ, ASKED = 200, 60
#: Seconds that one run takes; the rest waits for the next.
RUN = 20.0
#: Tokens whose counts are read at once.
_KEYS = 2000
#: Documents that are looked at in one run.
MOST = 2000

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A document as it is compared: its tokens with what each says of it."""

    number: int
    key: _Key
    digest: str
    title: frozenset[str]
    tokens: frozenset[str]

    def weights(self, worth: Mapping[str, float]) -> dict[str, float]:
        return {
            token: worth[token] * (TITLE if token in self.title else 1.0) for token in self.tokens
        }


def liken() -> int:
    """Compare documents that were written since they were compared last; how many objects.

    One that cannot be compared (its look-up takes too long) does not keep the others: it is as
    compared until it is another text, and the operators are told. What the database ended because
    of others ends the run instead, and the next one goes on with it.
    """
    end = time.monotonic() + RUN
    done = 0
    for kinds in registry.compared():
        for key in _waiting(kinds):
            if time.monotonic() > end:
                return done
            # Before: a text that is changed while it is compared is compared again.
            digests = _digests(key)
            try:
                with transaction.atomic():
                    _liken(key, kinds)
            except DatabaseError as error:
                if again.is_passing(error):
                    raise
                logger.exception("%s %s could not be compared.", *key)
                _note(digests)
            done += 1
    return done


def _waiting(kinds: Collection[str]) -> Iterator[_Key]:
    """Objects with a document that is another text than the one compared, the newest first."""
    known = SearchCompared.objects.filter(document=OuterRef("pk"), digest=OuterRef("digest"))
    rows = SearchDoc.objects.filter(~Exists(known), kind__in=kinds).order_by("-pk")
    seen: dict[_Key, None] = {}
    for key in rows.values_list("kind", "object_id")[:MOST]:
        seen.setdefault(key)
    yield from seen


def _liken(key: _Key, kinds: Collection[str]) -> None:
    """Compare one object with others and keep the most alike, on both sides."""
    kind, object_id = key
    own = list(_read(SearchDoc.objects.filter(kind=kind, object_id=object_id)))
    best: dict[_Key, float] = {}
    for text in own:
        for other, likeness in _alike(text, kinds):
            best[other] = max(likeness, best.get(other, 0.0))
    found = sorted(best.items(), key=lambda one: (-one[1], one[0]))
    with transaction.atomic():
        SearchLike.objects.filter(kind=kind, object_id=object_id).delete()
        _keep([(key, other, likeness) for other, likeness in found[:KEPT]])
        _tell_others(key, found)
        _note({text.number: text.digest for text in own})


def _digests(key: _Key) -> dict[int, str]:
    rows = SearchDoc.objects.filter(kind=key[0], object_id=key[1])
    return dict(rows.values_list("pk", "digest"))


def _note(digests: Mapping[int, str]) -> None:
    """These documents were compared as these texts."""
    SearchCompared.objects.bulk_create(
        [SearchCompared(document=number, digest=digest) for number, digest in digests.items()],
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["digest"],
    )


def _tell_others(key: _Key, found: Sequence[tuple[_Key, float]]) -> None:
    """The same seen from the others: each keeps the ``KEPT`` that are most like it."""
    known: dict[_Key, list[SearchLike]] = {other: [] for other, _likeness in found}
    kinds = {kind for kind, _object_id in known}
    ids = [object_id for _kind, object_id in known]
    SearchLike.objects.filter(other_kind=key[0], other_id=key[1]).delete()
    for row in SearchLike.objects.filter(kind__in=kinds, object_id__in=ids):
        if (row.kind, row.object_id) in known:
            known[row.kind, row.object_id].append(row)
    kept, gone = [], []
    for other, likeness in found:
        rows = sorted(known[other], key=lambda row: -row.likeness)
        if len(rows) < KEPT or rows[KEPT - 1].likeness < likeness:
            kept.append((other, key, likeness))
            gone += [row.pk for row in rows[KEPT - 1 :]]
    SearchLike.objects.filter(pk__in=gone).delete()
    _keep(kept)


def _keep(rows: Sequence[tuple[_Key, _Key, float]]) -> None:
    SearchLike.objects.bulk_create(
        [
            SearchLike(
                kind=one[0],
                object_id=one[1],
                other_kind=other[0],
                other_id=other[1],
                likeness=likeness,
            )
            for one, other, likeness in rows
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id", "other_kind", "other_id"],
        update_fields=["likeness"],
    )


def _alike(text: _Text, kinds: Collection[str]) -> Iterator[tuple[_Key, float]]:
    """Others that share words with a document, with how alike they are."""
    index = live_index()
    with index.bounded():
        counted, corpus = index.frequencies(map(_key_of, text.tokens))
        numbers = _holders(index, text, counted, kinds)
        others = list(_read(SearchDoc.objects.filter(pk__in=numbers)))
        held = sorted({_key_of(token) for other in others for token in other.tokens})
        for at in range(0, len(held), _KEYS):
            counted.update(index.frequencies(held[at : at + _KEYS])[0])
    worth = {
        token: math.log(1 + max(corpus.documents, 1) / counted.get(_key_of(token), 1))
        for one in (text, *others)
        for token in one.tokens
    }
    mine = text.weights(worth)
    for other in others:
        likeness = _cosine(mine, other.weights(worth))
        if other.key != text.key and likeness >= LEAST:
            yield other.key, likeness


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    length = math.hypot(*one.values()) * math.hypot(*other.values())
    shared = sum(weight * other[token] for token, weight in one.items() if token in other)
    return shared / length if length else 0.0


def _holders(
    index: LiveIndex, text: _Text, counted: Mapping[str, int], kinds: Collection[str]
) -> list[int]:
    """Those that hold the rarest tokens that any other holds, the title's first."""
    rarest = sorted(
        text.tokens, key=lambda each: (each not in text.title, counted.get(_key_of(each), 1), each)
    )
    chosen: list[str] = []
    together = 0
    for token in rarest[:ASKED]:
        together += counted.get(_key_of(token), 1)
        if chosen and together > READ:
            break
        chosen.append(_key_of(token))
    if not chosen:
        return []
    narrowing = Narrowing(kinds=tuple(kinds))
    return [each.number for each in index.holding_some(chosen, narrowing, clock.now(), READ)]


def _key_of(token: str) -> str:
    return token if len(token) > 1 else prefix_of(token)


def _read(rows: QuerySet[SearchDoc]) -> Iterator[_Text]:
    columns = ("pk", "kind", "object_id", "digest", "title_plain", Left("body", COMPARED))
    # The plain body holds what its kind is called too, which all of a kind share.
    for pk, kind, object_id, digest, title, body in rows.values_list(*columns):
        titled = Reading(title).tokens if title.strip() else frozenset()
        said = Reading.of(body).tokens if body.strip() else frozenset()
        yield _Text(pk, (kind, object_id), digest, frozenset(titled), frozenset(titled | said))


def forget_gone() -> None:
    """Delete the rows of what is no more. They are shown nowhere meanwhile."""
    there = SearchDoc.objects.filter(pk=OuterRef("document"))
    SearchCompared.objects.filter(~Exists(there)).delete()
    for kind, object_id in (("kind", "object_id"), ("other_kind", "other_id")):
        of = SearchDoc.objects.filter(kind=OuterRef(kind), object_id=OuterRef(object_id))
        SearchLike.objects.filter(~Exists(of)).delete()
