"""The live index on Elasticsearch: it proposes documents, and the database decides.

Elasticsearch is asked one thing, which documents hold the tokens. Whether each may be seen, whose
it is, when it closes and what stands in it is read from its row, as on the databases alone; so
what was withdrawn a moment ago is in no count here either, and the hits are the same. Where
Elasticsearch is away, slow, late or not as it was described, the database's own index answers.

Documents that Elasticsearch was not told of yet are left out of what it proposes and looked up in
the database's own index, so that a change is searched from its commit on, on either engine.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch_dsl import Q, Search

from core import clock
from search import elastic_index
from search.breaker import breaker
from search.elastic import ElasticsearchFailed, answering, connect
from search.live import Facts, LiveIndex, Narrowing, Statement, Tokens
from search.models import SearchChange

#: Seconds that all questions of one search may take together.
PATIENCE = 1.5
#: Documents that are proposed at once.
PAGE = 2000
#: And how often, where the database leaves most of them out: by districts, dates, long runs.
PAGES = 5
#: Scopes that are named in a question; where more are chosen the database alone leaves them out.
SCOPES = 5000
#: A change that Elasticsearch was not told for so long, or so many: it is not asked any more.
LATE, MANY = dt.timedelta(minutes=1), 500
#: Seconds for which an index that was looked at is taken to be as it was.
LOOKED_AT = 10.0


class _Heavy(Exception):
    """The database answers this question sooner. It tells nothing of the server: that answered."""


class ElasticIndex(LiveIndex):
    """For one search. ``reserve`` says whether any of its questions the database answered."""

    def __init__(self) -> None:
        super().__init__()
        self._end = time.monotonic() + PATIENCE
        #: Documents that wait to be told; None where they wait too long.
        self._waiting: list[int] | None = _waiting()

    def _found(
        self,
        tokens: Tokens,
        statement: Statement,
        narrowing: Narrowing,
        now: dt.datetime,
        limit: int,
        *,
        common: bool = False,
    ) -> list[Facts]:
        if (
            not self.reserve
            and self._waiting is not None
            and time.monotonic() < self._end
            and breaker.passes()
        ):
            try:
                with answering():
                    found = self._proposed(tokens, statement, narrowing, now, limit)
            except ElasticsearchFailed as failed:
                breaker.failed(str(failed))
            except _Heavy:
                breaker.answered()
                return super()._found(tokens, statement, narrowing, now, limit, common=common)
            else:
                breaker.answered()
                if not self._waiting:
                    return found
                condition, numbers = _among(self._waiting)
                own = statement.beside(condition, *numbers)
                found += super()._found(tokens, own, narrowing, now, limit)
                return sorted(found, key=lambda facts: -facts.number)[:limit]
        self.reserve = True
        return super()._found(tokens, statement, narrowing, now, limit, common=common)

    def _proposed(
        self,
        tokens: Tokens,
        statement: Statement,
        narrowing: Narrowing,
        now: dt.datetime,
        limit: int,
    ) -> list[Facts]:
        _look_at(self._client())
        asked = self._search(tokens, narrowing, now).to_dict()
        fit = statement.beside()
        if self._waiting:
            condition, numbers = _among(self._waiting)
            fit.add(f"NOT ({condition})", *numbers)
        self._narrow(fit, narrowing, now)
        found: list[Facts] = []
        for _page in range(PAGES):
            proposed = _numbers(self._client(), asked)
            if proposed:
                condition, numbers = _among(proposed)
                own = fit.beside(condition, *numbers)
                found += self._read("search_searchdoc d", "d.id", own, limit - len(found))
            if len(proposed) < PAGE or len(found) >= limit:
                return found
            asked["search_after"] = [proposed[-1]]
        raise _Heavy

    def _client(self) -> Elasticsearch:
        """With what is left of the time. Raises ``_Heavy`` where nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise _Heavy
        named = settings.ELASTICSEARCH
        return _client(*(named[key] for key in ("URL", "API_KEY", "CERTIFICATE"))).options(
            request_timeout=left
        )

    def _search(self, tokens: Tokens, narrowing: Narrowing, now: dt.datetime) -> Any:
        asked = [Q("term", tokens=token) for token in tokens.held]
        chosen = asked if tokens.every else [Q("bool", should=asked, minimum_should_match=1)]
        for ways in tokens.choices:
            each = [Q("bool", filter=[Q("term", tokens=one) for one in way]) for way in ways]
            chosen.append(Q("bool", should=each, minimum_should_match=1))
        if narrowing.kinds:
            chosen.append(Q("terms", kind=list(narrowing.kinds)))
        if narrowing.languages:
            chosen.append(Q("terms", language=list(narrowing.languages)))
        if narrowing.scopes:
            chosen.append(Q("terms", scope=list(narrowing.scopes)))
        if narrowing.bureaux or narrowing.states or narrowing.topics:
            scopes = self._scopes(narrowing, now)
            if len(scopes) <= SCOPES:
                chosen.append(Q("terms", scope=scopes))
        return (
            Search()
            .query(Q("bool", filter=chosen))
            .sort({"number": "desc"})
            .extra(size=PAGE, track_total_hits=False, stored_fields="_none_")
        )

    def _scopes(self, narrowing: Narrowing, now: dt.datetime) -> list[str]:
        statement = Statement()
        self._of_scopes(statement, narrowing, now)
        sql = (
            "SELECT s.key FROM search_searchscope s "  # noqa: S608 - values go by themselves
            f"WHERE {' AND '.join(statement.conditions)} LIMIT %s"
        )
        return [key for (key,) in self._look_up(sql, [*statement.values, SCOPES + 1])]


def _numbers(client: Elasticsearch, asked: dict[str, Any]) -> list[int]:
    """The documents that fit, newest first.

    By the client and not by the question's own ``execute``, which makes an object of each hit: of
    an answer only numbers are read, and it costs as much as the way to the server.
    """
    told = client.search(
        index=elastic_index.alias(),
        body=asked,
        filter_path="hits.hits.sort",
        allow_partial_search_results=False,
    )
    return [hit["sort"][0] for hit in told.body.get("hits", {}).get("hits", [])]


def _waiting() -> list[int] | None:
    """Read before Elasticsearch is asked: what it is told after this, it holds or is about to."""
    noted = list(SearchChange.objects.order_by("pk").values_list("document", "at")[: MANY + 1])
    if len(noted) > MANY or (noted and clock.now() - noted[0][1] > LATE):
        return None
    return sorted({document for document, _at in noted})


def _among(numbers: Sequence[int]) -> tuple[str, Sequence[int]]:
    """A condition that a document is one of these, with its values."""
    return f"d.id IN ({', '.join(['%s'] * len(numbers))})", numbers


@lru_cache(maxsize=4)
def _client(url: str, key: str, certificate: str) -> Elasticsearch:
    """One for all threads of the process, with the connections it keeps."""
    return connect(seconds=PATIENCE)


_looked_at: dict[tuple[str, str], float] = {}


def _look_at(client: Elasticsearch) -> None:
    """Now and then: whether the index is as it was described. Raises ``ElasticsearchFailed``."""
    which = (settings.ELASTICSEARCH["URL"], elastic_index.alias())
    now = time.monotonic()
    if now < _looked_at.get(which, 0.0):
        return
    _looked_at.pop(which, None)
    elastic_index.check(client)
    _looked_at[which] = now + LOOKED_AT
