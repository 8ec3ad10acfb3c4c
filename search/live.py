"""The live index: which documents that everybody may see hold what is asked.

One look-up gives at most a bounded number of documents with the few facts that facets, sorting and
collapsing need, newest first, so that no query reads more than that. Whether a run of three or more
characters stands in a text as it was asked is looked up by the database in the folded text. Every
look-up joins the scope: what is not visible is in no count, facet or page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from search.analysis import Term
from search.engines.base import BATCH, Corpus, Row
from search.models import SearchDoc, SearchToken
from search.outbox import remote
from search.states import NARROWING
from search.tokens import DOCUMENTS, LENGTHS, MARK, token_of

#: Keys of a query that are looked up; the rarest leave the fewest to look through.
KEYS = 16
#: PostgreSQL: how long one look-up may take (S8). It takes a few hundredths of a second.
LONGEST = "2s"
_BOUNDED = """
SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true),
       set_config('enable_seqscan', 'off', true)
"""
#: PostgreSQL: reading a document's vector takes as long as looking so many documents up.
DEAR = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document without reading its text."""

    number: int
    kind: str
    object_id: int
    language: str
    #: As the database's driver gives it: for comparing with others alone.
    at: Any
    bureau: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    answered_at: dt.datetime | None

    @property
    def key(self) -> tuple[str, int]:
        """The same in all languages of an object."""
        return self.kind, self.object_id


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the reader chose to leave out: values of facets, any of each."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    bureaux: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    #: Keys of scopes: within one consultation, one contest.
    scopes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.states or self.bureaux or self.languages or self.scopes)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an index is asked for: the documents that hold every token, or one of them."""

    held: tuple[str, ...]
    every: bool


@dataclass
class Statement:
    """Conditions of a look-up with their values, all of which must be true."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def beside(self, condition: str = "", *values: Any) -> Statement:
        """Another one with the same conditions, and this one."""
        other = Statement([*self.conditions], [*self.values])
        if condition:
            other.add(condition, *values)
        return other


_SELECT = (
    "SELECT d.id, d.kind, d.object_id, d.language, d.at, s.bureau, s.opens_at, s.closes_at, "
    "s.answered_at FROM {source} JOIN search_searchscope s ON s.key = d.scope "
    "WHERE {conditions} ORDER BY {order} DESC LIMIT %s"
)
# Read apart, so that what holds the tokens is looked up: PostgreSQL's planner would read all from
# the newest on where few do, 0.7 s for 100,000, or all of the visible scopes.
_HOLDERS = "(SELECT * FROM search_searchdoc d WHERE d.vector @@ %s::tsquery OFFSET 0) d"


class LiveIndex:
    """The index of the platform's own database.

    ``reserve`` says whether it stands in for one that is away.
    """

    reserve = False

    def __init__(self) -> None:
        self._postgresql = connection.vendor == "postgresql"
        self._counted: Mapping[str, int] = {}
        self._documents = 0

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """PostgreSQL: nothing asked within takes longer than it may, nor is planned as a report is.

        Its planner takes reading a vector, which lies apart from its row, to cost nothing, and
        compiles what is over before it is compiled. SQLite reads as it is told.
        """
        if not self._postgresql:
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_BOUNDED, [LONGEST])
            yield
            # Nothing was written; and so these settings end here within another transaction too.
            transaction.set_rollback(True)

    def frequencies(self, keys: Iterable[str]) -> tuple[dict[str, int], Corpus]:
        """In how many documents each key was when they were last counted, and how many there are.

        A key that was in fewer than two is left out.
        """
        tokens = {token_of(key): key for key in keys}
        rows = dict(
            SearchToken.objects.filter(token__in=[*tokens, DOCUMENTS, LENGTHS]).values_list(
                "token", "documents"
            )
        )
        documents, length = rows.pop(DOCUMENTS, 0), rows.pop(LENGTHS, 0)
        self._counted, self._documents = rows, documents
        return (
            {tokens[token]: count for token, count in rows.items()},
            Corpus(documents, length / max(documents, 1)),
        )

    def holding_all(
        self,
        terms: Sequence[Term],
        rarest: Sequence[str],
        narrowing: Narrowing,
        now: dt.datetime,
        limit: int,
        *,
        in_title: bool = False,
    ) -> list[Facts]:
        """Documents that hold every term, newest first. ``rarest``: the terms' keys in order."""
        mark = MARK if in_title else ""
        statement = Statement()
        for term in terms:
            if len(term.parts()) > 1 or len(rarest) > KEYS:
                self._holds(statement, term, in_title=in_title)
        tokens = Tokens(tuple(mark + token_of(key) for key in rarest[:KEYS]), every=True)
        alone = len(tokens.held) == 1 and not statement.conditions and not narrowing
        held = self._counted.get(tokens.held[0], 0) if alone else 0
        common = held * held > DEAR * limit * self._documents
        return self._found(tokens, statement, narrowing, now, limit, common=common)

    def holding_some(
        self,
        keys: Sequence[str],
        narrowing: Narrowing,
        now: dt.datetime,
        limit: int,
        *,
        in_title: bool = False,
    ) -> list[Facts]:
        """Documents that hold one of the keys, newest first."""
        mark = MARK if in_title else ""
        tokens = Tokens(tuple(mark + token_of(key) for key in keys), every=False)
        return self._found(tokens, Statement(), narrowing, now, limit)

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The documents of these numbers as they are ranked."""
        for at in range(0, len(numbers), BATCH):
            found = SearchDoc.objects.filter(pk__in=numbers[at : at + BATCH])
            for row in found.order_by("pk").values_list(
                "pk", "title_plain", "body_plain", "length"
            ):
                yield Row(*row)

    def _holds(self, statement: Statement, term: Term, *, in_title: bool) -> None:
        within = "strpos" if self._postgresql else "instr"
        wanted = term.text if term.han else f" {term.text} "
        if in_title:
            statement.add(f"{within}(d.title_plain, %s) > 0", wanted)
        else:
            statement.add(
                f"({within}(d.title_plain, %s) > 0 OR {within}(d.body_plain, %s) > 0)",
                wanted,
                wanted,
            )

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
        """Documents that hold the tokens, that the statement is true of and that may be seen.

        ``common``: so many hold them that the newest, read one by one, give enough sooner.
        """
        self._narrow(statement, narrowing, now)
        # Tokens are letters and digits, and the mark: none can close a quote.
        if self._postgresql:
            asked = (" & " if tokens.every else " | ").join(f"'{token}'" for token in tokens.held)
            if common:
                statement.add("d.vector @@ %s::tsquery", asked)
                return self._read("search_searchdoc d", "d.id", statement, limit)
            statement.values.insert(0, asked)
            return self._read(_HOLDERS, "d.id", statement, limit)
        asked = (" AND " if tokens.every else " OR ").join(f'"{token}"' for token in tokens.held)
        statement.add("search_index MATCH %s", asked)
        source = "search_index i JOIN search_searchdoc d ON d.id = i.rowid"
        return self._read(source, "i.rowid", statement, limit)

    def _narrow(self, statement: Statement, narrowing: Narrowing, now: dt.datetime) -> None:
        """Only what everybody may see, and of that what the reader chose."""
        _any_of(statement, "d.kind", narrowing.kinds)
        _any_of(statement, "d.language", narrowing.languages)
        _any_of(statement, "d.scope", narrowing.scopes)
        self._of_scopes(statement, narrowing, now)

    def _read(self, source: str, order: str, statement: Statement, limit: int) -> list[Facts]:
        sql = _SELECT.format(
            source=source, conditions=" AND ".join(statement.conditions), order=order
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*statement.values, limit])
            return [_facts(row) for row in cursor.fetchall()]

    def _of_scopes(self, statement: Statement, narrowing: Narrowing, now: dt.datetime) -> None:
        """Scopes that everybody may see, of the bureaux and states that were chosen."""
        statement.add("s.visible")
        _any_of(statement, "s.bureau", narrowing.bureaux)
        states = [NARROWING[state](now) for state in narrowing.states]
        if states:
            statement.add(
                f"({' OR '.join(condition for condition, _values in states)})",
                *(self._instant(value) for _condition, values in states for value in values),
            )

    def _instant(self, value: dt.datetime) -> Any:
        return connection.ops.adapt_datetimefield_value(value)


def live_index() -> LiveIndex:
    """The index that is searched here, for one search."""
    if remote():
        # Its client takes a while to be read, and few have such a server.
        from search.elastic_live import ElasticIndex

        return ElasticIndex()
    return LiveIndex()


def _facts(row: Sequence[Any]) -> Facts:
    number, kind, object_id, language, at, bureau, opens_at, closes_at, answered_at = row
    return Facts(
        number,
        kind,
        object_id,
        language,
        at,
        bureau,
        _aware(opens_at),
        _aware(closes_at),
        _aware(answered_at),
    )


@lru_cache(maxsize=5000)
def _aware(value: Any) -> dt.datetime | None:
    """An instant as the database's driver gives it. Many documents share a few of them."""
    if value is None:
        return None
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _any_of(statement: Statement, column: str, values: Collection[str]) -> None:
    if values:
        statement.add(f"{column} IN ({', '.join(['%s'] * len(values))})", *values)
