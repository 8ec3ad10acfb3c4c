"""(s) The live index on Elasticsearch: a look-up against the bare query that it sends.

The bare query is the same body on one connection of Python's own, read and thrown away. A look-up
is that question asked and taken apart, and the database's word on what was proposed.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bench.find import ASKED, _fill, _queries, sentences_of_drcd
from bench.server import table


def run() -> None:
    """Fill both indexes, ask, print the table."""

    from django.conf import settings

    if not settings.ELASTICSEARCH["URL"]:
        print("Elasticsearch is left out: begin with scripts/services run elasticsearch --\n")
        return
    sentences, drawn = sentences_of_drcd(), random.Random(5)
    number = int(os.environ.get("FIND_DOCUMENTS") or 200_000)
    _fill(sentences, drawn, number)
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "INDEX": f"kaifong-bench-{os.getpid()}"}
    rows = [_built(number)]
    try:
        for name, queries in _queries(sentences, drawn).items():
            rows.append([name, *_compared(queries)])
    finally:
        _gone()
    table([f"{number:,} documents, SQLite", "bare", "call", "ratio", "with the rows"], rows)


def _built(number: int) -> list[str]:
    from search.feeding import build

    start = time.monotonic()
    assert build() == number
    return ["told and shown", f"{time.monotonic() - start:.0f} s", "", "", ""]


def _gone() -> None:
    from search.elastic_index import indexes
    from search.feeding import connected

    with connected() as client:
        for name in indexes(client):
            client.indices.delete(index=name)


def _compared(queries: list[str]) -> list[str]:
    """Medians in milliseconds. The ratio is of each query's own times: a busy moment is in both."""
    from core import clock
    from search.analysis import read_query
    from search.elastic_live import ElasticIndex, _numbers
    from search.live import KEYS, Narrowing, Tokens
    from search.tokens import token_of

    bare, call, whole = [], [], []
    line = _Line()
    for query in queries[:ASKED]:
        terms = read_query(query).terms
        index = ElasticIndex()
        keys = {key for term in terms for key in term.parts()}
        counted, _corpus = index.frequencies(keys)
        rarest = sorted(keys, key=lambda key: (counted.get(key, 1), key))
        tokens = Tokens(tuple(map(token_of, rarest[:KEYS])), every=True)
        question = index._search(tokens, Narrowing(), clock.now())
        asked, client = question.to_dict(), index._client()
        body = json.dumps(asked, ensure_ascii=False).encode()
        line.ask(body)
        least = _least(
            lambda body=body: line.ask(body),
            lambda asked=asked, client=client: _numbers(client, asked),
            lambda terms=terms, rarest=rarest: ElasticIndex().holding_all(
                terms, rarest, Narrowing(), clock.now(), 1201
            ),
        )
        for kept, one in zip((bare, call, whole), least, strict=True):
            kept.append(one)
    ratio = statistics.median(one / other for one, other in zip(call, bare, strict=True))
    shown = [f"{statistics.median(each):.1f} ms" for each in (bare, call, whole)]
    return [shown[0], shown[1], f"{ratio:.2f}", shown[2]]


def _least(*works: Callable[[], object]) -> list[float]:
    """The least of five of each, in milliseconds, asked in turns."""
    taken: list[list[float]] = [[] for _work in works]
    for _ in range(5):
        for own, work in zip(taken, works, strict=True):
            start = time.perf_counter()
            work()
            own.append((time.perf_counter() - start) * 1000)
    return [min(own) for own in taken]


class _Line:
    def __init__(self) -> None:
        from django.conf import settings

        self._path = (
            f"/{settings.ELASTICSEARCH['INDEX']}/_search"
            "?filter_path=hits.hits.sort&allow_partial_search_results=false"
        )
        self._line = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH["URL"]).netloc)

    def ask(self, body: bytes) -> Any:
        kind = {"Content-Type": "application/json"}
        self._line.request("POST", self._path, body, kind)
        answer = self._line.getresponse()
        found = answer.read()
        assert answer.status == 200, found
        return json.loads(found)
