"""Elasticsearch, in an index of this object alone that is deleted when it is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

from elasticsearch_dsl import Document, Integer, Keyword, MetaField, Q, Search, Text

from search.elastic import ElasticsearchFailed, NotNamed, answering, connect
from search.engines.base import BATCH, Engine, EngineUnavailable, NoServer
from search.ranking import Row

#: The beginning of the names of all such indexes, and of no other.
PREFIX = "kaifong-eval-"
#: One that is so many milliseconds older than ours was left by a command that was killed.
LEFT_AFTER = 6 * 60 * 60 * 1000
#: Seconds that one request may take, such as writing 500 long documents.
PATIENCE = 60
#: Documents of one answer; Elasticsearch gives no more at once.
PAGE = 10_000
#: One request's bytes; Elasticsearch takes a hundred megabytes.
CHUNK = 10_000_000


class EvalDocument(Document):
    """A document as it is ranked, and the tokens that it is found by.

    Tokens come ready: the analyser only divides them at the blanks between. Which document holds a
    token is all that is asked, so neither places nor lengths are kept. One character is the prefix
    of a token; those prefixes are kept as terms of their own.
    """

    number = Integer()
    title = Keyword(index=False, doc_values=False)
    body = Keyword(index=False, doc_values=False)
    length = Integer(index=False, doc_values=False)
    tokens = Text(
        analyzer="whitespace",
        index_options="docs",
        norms=False,
        index_prefixes={"min_chars": 1, "max_chars": 1},
    )

    class Meta:
        dynamic = MetaField("strict")
        # Nobody reads the tokens again.
        source = MetaField(excludes=["tokens"])

    class Index:
        settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}


class ElasticsearchEngine(Engine):
    """On the server that ELASTICSEARCH_URL names.

    It needs the right to make, fill and delete indexes whose names begin with ``PREFIX``.
    """

    name = "elasticsearch"

    def __enter__(self) -> Self:
        try:
            self._client = connect(seconds=PATIENCE)
        except NotNamed as lacking:
            raise NoServer(
                f"{lacking} Name one, or begin the command with: "
                "scripts/services run elasticsearch --",
                service="elasticsearch",
            ) from None
        except ElasticsearchFailed as wrong:
            raise EngineUnavailable(str(wrong)) from None
        self._index = f"{PREFIX}{uuid4().hex}"
        try:
            with _told():
                EvalDocument.init(index=self._index, using=self._client)
                self._remove_what_was_left()
        except BaseException as failed:
            self.__exit__(type(failed), failed, failed.__traceback__)
            raise
        return self

    def __exit__(self, *raised: Any) -> None:
        try:
            with _told():
                self._client.indices.delete(index=self._index, ignore_unavailable=True)
        except EngineUnavailable as refused:
            # What went wrong first is told.
            if raised[0] is None:
                raise EngineUnavailable(f"{refused} The index {self._index} is left.") from None
        finally:
            self._client.close()

    def all_of(self, keys: Sequence[str]) -> list[int]:
        return self._matching(Q("bool", filter=[_asked(key) for key in keys])) if keys else []

    def any_of(self, keys: Sequence[str]) -> list[int]:
        if not keys:
            return []
        one = Q("bool", should=[_asked(key) for key in keys], minimum_should_match=1)
        return self._matching(Q("bool", filter=[one]))

    def frequencies(self, keys: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        wanted = sorted(set(keys))
        for at in range(0, len(wanted), BATCH):
            part = wanted[at : at + BATCH]
            search = self._search().extra(size=0)
            named = {str(place): _asked(key) for place, key in enumerate(part)}
            search.aggs.bucket("held", "filters", filters=named)
            with _told():
                counted = search.execute().aggregations.held.buckets
            for place, key in enumerate(part):
                if count := counted[str(place)].doc_count:
                    found[key] = count
        return found

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        for at in range(0, len(numbers), BATCH):
            ids = [str(number) for number in numbers[at : at + BATCH]]
            with _told():
                answer = self._client.mget(index=self._index, ids=ids, filter_path="docs._source")
            for each in answer["docs"]:
                source = each["_source"]
                yield Row(source["number"], source["title"], source["body"], source["length"])

    def _matching(self, asked: Any) -> list[int]:
        """All numbers, ascending, a page after the other."""
        found: list[int] = []
        # Nothing of a document is read but what it is sorted by.
        search = self._search().query(asked).sort("number").params(filter_path="hits.hits.sort")
        search = search.extra(size=PAGE, track_total_hits=False, stored_fields="_none_")
        with _told():
            while True:
                after = {"search_after": [found[-1]]} if found else {}
                told = search.extra(**after).execute().to_dict()
                hits = told.get("hits", {}).get("hits", [])
                found += [each["sort"][0] for each in hits]
                if len(hits) < PAGE:
                    return found

    def _search(self) -> Any:
        return Search(using=self._client, index=self._index)

    def _write(self, rows: list[tuple[Row, list[str]]]) -> None:
        if not rows:
            return
        actions = (
            {
                "_id": str(row.number),
                "number": row.number,
                "title": row.title,
                "body": row.body,
                "length": row.length,
                "tokens": " ".join(tokens),
            }
            for row, tokens in rows
        )
        with _told():
            EvalDocument.bulk(actions, using=self._client, index=self._index, max_chunk_bytes=CHUNK)

    def _write_frequencies(self, rows: list[tuple[str, int]]) -> None:
        """Elasticsearch counts for itself; what was written is seen from here on."""
        with _told():
            self._client.indices.refresh(index=self._index)

    def _remove_what_was_left(self) -> None:
        """By the server's own clock alone: nobody else's work is taken away."""
        told = self._client.indices.get_settings(
            index=f"{PREFIX}*", name="index.creation_date", flat_settings=True
        )
        made = {name: int(each["settings"]["index.creation_date"]) for name, each in told.items()}
        for name, at in made.items():
            if made[self._index] - at > LEFT_AFTER:
                self._client.indices.delete(index=name, ignore_unavailable=True)


def _asked(key: str) -> Any:
    """A key as Elasticsearch asks for it: as a value, which nothing reads as a query."""
    if key.endswith("*"):
        return Q("prefix", tokens=key[:-1])
    return Q("term", tokens=key)


@contextmanager
def _told() -> Iterator[None]:
    try:
        with answering():
            yield
    except ElasticsearchFailed as failed:
        raise EngineUnavailable(str(failed)) from failed
