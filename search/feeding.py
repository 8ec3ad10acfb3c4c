"""Bringing Elasticsearch in line with the rows of ``SearchDoc``: changes, all anew, what differs.

What is sent is a row as it is when it is read, under the number of the last change that was read
before it (``SearchChange``) as its version; Elasticsearch refuses an older version than it has. So
jobs may run twice, beside each other, late or half: what is told last is what was written last.
A change is forgotten when every index has it, one that is being built among them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from core.alone import Lost, Taken, Turn, alone
from search import elastic_index
from search.elastic import ElasticsearchFailed, NoIndex, answering, connect
from search.models import SearchChange, SearchDoc
from search.outbox import OFF, note

logger = logging.getLogger(__name__)

#: Changes that are told at once, and rows that are read at once.
BATCH = 500
#: Seconds that a request of a job may take: to be told something, and to write or read many rows.
ANSWERED, DONE = 5, 60
#: One request's bytes; Elasticsearch takes a hundred megabytes.
CHUNK = 10_000_000
#: A change is forgotten when it can be found: the index shows what it has each second.
SHOWN: bool | Literal["wait_for"] = "wait_for"
#: The version of what a new index is filled with: any change that is told is newer.
FIRST = 1
#: What one process at a time does, as its operators call it.
BUILDING = "build of the search index"
_CONFLICT, _ABSENT = 409, 404


class AnotherBuild(ElasticsearchFailed):
    """One is running; the sentence says since when."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A document that is not in the index as its row is."""

    document: int
    what: str

    def __str__(self) -> str:
        return f"{self.document} {self.what}"


def feed() -> int:
    """Tell what waits to be told; how many changes. Safe beside another and to be killed.

    Raises ``ElasticsearchFailed``; what was not taken waits on.
    """
    with connected() as client, answering():
        return _feed(client)


def _feed(client: Elasticsearch) -> int:
    told, last, refused = 0, 0, ""
    while True:
        waiting = SearchChange.objects.filter(pk__gt=last, document__gt=OFF).order_by("pk")
        changes = list(waiting.values_list("pk", "document")[:BATCH])
        if not changes:
            break
        last = changes[-1][0]
        failed = _tell(client, {document: number for number, document in changes})
        done = [number for number, document in changes if document not in failed]
        # A row of somebody who told the same meanwhile is gone already.
        SearchChange.objects.filter(pk__in=done).delete()
        told += len(done)
        refused = next(iter(failed.values()), refused)
    if refused:
        raise ElasticsearchFailed(f"Elasticsearch did not take a document ({refused}).")
    return told


def _tell(client: Elasticsearch, versions: Mapping[int, int]) -> dict[int, str]:
    """Send these documents to every index; what was not taken, with the reason.

    Indexes are listed after the changes were read and before the rows are: one that is made later
    is filled from rows that hold these changes already.
    """
    indexes = list(elastic_index.indexes(client))
    if not indexes:
        raise NoIndex("there is no index; search_rebuild makes it.")
    rows = {row["number"]: row for row in _rows(list(versions))}
    failed: dict[int, str] = {}
    for index in indexes:
        failed.update(
            _send(
                client,
                index,
                (
                    _action(index, document, rows.get(document), version + FIRST)
                    for document, version in versions.items()
                ),
                shown=SHOWN,
            )
        )
    return failed


def _action(index: str, document: int, row: dict[str, Any] | None, version: int) -> dict[str, Any]:
    action: dict[str, Any] = {
        "_op_type": "delete" if row is None else "index",
        "_index": elastic_index.writing(index),
        "_id": str(document),
        "version": version,
        "version_type": "external_gte",
    }
    return action if row is None else {**action, "_source": row}


def _send(
    client: Elasticsearch,
    index: str,
    actions: Iterable[dict[str, Any]],
    *,
    shown: bool | Literal["wait_for"] = False,
) -> dict[int, str]:
    failed: dict[int, str] = {}
    answers = streaming_bulk(
        client.options(request_timeout=DONE),
        actions,
        chunk_size=BATCH,
        max_chunk_bytes=CHUNK,
        raise_on_error=False,
        require_alias=True,
        refresh=shown,
    )
    for taken, answer in answers:
        ((operation, told),) = answer.items()
        status = told.get("status")
        # A newer one is there, or what is to go is not there.
        if taken or status == _CONFLICT or (operation == "delete" and status == _ABSENT):
            continue
        failed[int(told["_id"])] = f"{status} {told.get('error', {}).get('type', '')}"
    return failed


def _rows(documents: Sequence[int]) -> Iterator[dict[str, Any]]:
    fields = ("pk", "tokens", "kind", "language", "scope", "digest")
    for pk, tokens, kind, language, scope, digest in SearchDoc.objects.filter(
        pk__in=documents
    ).values_list(*fields):
        yield {
            "number": pk,
            "tokens": tokens,
            "kind": kind,
            "language": language,
            "scope": scope,
            "digest": digest,
        }


@contextmanager
def building() -> Iterator[Turn]:
    """Be the only one that builds: the end of a build takes every other index of ours away.

    Raises ``AnotherBuild``, at once.
    """
    try:
        with alone(BUILDING) as turn:
            yield turn
    except Taken as taken:
        raise AnotherBuild(str(taken)) from None


def build(turn: Turn | None = None) -> int:
    """Make a new index of all rows and search that one; how many documents it has.

    The old one is searched and told of changes until then. Raises ``ElasticsearchFailed``; what
    was half made goes, with the next build if this one was killed. ``turn``: of ``building``,
    where the caller is in it already.
    """
    if turn is None:
        with building() as own:
            return build(own)
    # What is written while search is off from now on is not in these rows.
    off = list(SearchChange.objects.filter(document=OFF).values_list("pk", flat=True))
    with connected(DONE) as client, answering():
        index = elastic_index.create(client)
        try:
            for part in _all():
                failed = _send(
                    client, index, (_action(index, row["number"], row, FIRST) for row in part)
                )
                if failed:
                    raise ElasticsearchFailed(f"a document was refused ({failed.popitem()[1]}).")
            client.indices.refresh(index=index)
            turn.check()
        except BaseException as failed:
            client.indices.delete(index=index, ignore_unavailable=True)
            if isinstance(failed, Lost):
                raise ElasticsearchFailed(str(failed)) from failed
            raise
        elastic_index.swap(client, index)
        SearchChange.objects.filter(pk__in=off).delete()
        _feed(client)
        client.indices.refresh(index=index)
        return int(client.count(index=index)["count"])


def mend_index() -> bool:
    """Build the index where there is none as it was described; whether that was needed.

    Raises ``ElasticsearchFailed`` where the server is away: then nothing is known of the index.
    """
    with connected() as client, answering():
        client.cluster.health()
        try:
            with answering():
                elastic_index.check(client)
        except ElasticsearchFailed as wrong:
            logger.warning("The index is built anew: %s", wrong)
        else:
            return False
    build()
    return True


def _all() -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        numbers = list(
            SearchDoc.objects.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not numbers:
            return
        yield list(_rows(numbers))
        last = numbers[-1]


def differences() -> list[Difference]:
    """What is not in the index as its row is, after everything was told that waited.

    Raises ``ElasticsearchFailed``.
    """
    with connected(DONE) as client, answering():
        elastic_index.check(client.options(request_timeout=ANSWERED))
        _feed(client)
        client.indices.refresh(index=elastic_index.alias())
        found = list(_differing(client))
        if not found:
            return []
        # What was written while we looked is told by now, and no difference.
        _feed(client)
        client.indices.refresh(index=elastic_index.alias())
        return list(_looked_at_again(client, [each.document for each in found]))


def repair(found: Sequence[Difference]) -> None:
    """Tell these anew. Raises ``ElasticsearchFailed``."""
    for at in range(0, len(found), BATCH):
        note([each.document for each in found[at : at + BATCH]])
    feed()


def _differing(client: Elasticsearch) -> Iterator[Difference]:
    """Both in the order of their numbers, a piece at a time."""
    after = 0
    while True:
        hits = client.search(
            index=elastic_index.alias(),
            query={"range": {"number": {"gt": after}}},
            sort=[{"number": "asc"}],
            size=BATCH * 10,
            source_includes=["number", "digest"],
            track_total_hits=False,
            allow_partial_search_results=False,
        )["hits"]["hits"]
        there = {each["_source"]["number"]: each["_source"]["digest"] for each in hits}
        rows = SearchDoc.objects.filter(pk__gt=after)
        if len(hits) == BATCH * 10:
            after = max(there)
            rows = rows.filter(pk__lte=after)
        yield from _compared(dict(rows.values_list("pk", "digest")), there)
        if len(hits) < BATCH * 10:
            return


def _looked_at_again(client: Elasticsearch, documents: Sequence[int]) -> Iterator[Difference]:
    for at in range(0, len(documents), BATCH):
        part = documents[at : at + BATCH]
        got = client.mget(
            index=elastic_index.alias(), ids=[str(each) for each in part], source=["digest"]
        )["docs"]
        there = {int(each["_id"]): each["_source"]["digest"] for each in got if each.get("found")}
        rows = SearchDoc.objects.filter(pk__in=part).values_list("pk", "digest")
        yield from _compared(dict(rows), there)


def _compared(rows: Mapping[int, str], there: Mapping[int, str]) -> Iterator[Difference]:
    for document in sorted(rows.keys() | there.keys()):
        if document not in there:
            yield Difference(document, "is not in the index.")
        elif document not in rows:
            yield Difference(document, "is in the index and is no more.")
        elif rows[document] != there[document]:
            yield Difference(document, "is another text in the index.")


def connected(seconds: float = ANSWERED) -> Elasticsearch:
    """A client with the patience of a job. Raises ``ElasticsearchFailed``."""
    return connect(seconds=seconds)
