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

from search.analysis import Choice, Term
from search.engines.base import BATCH, Corpus, Row
from search.filing import since
from search.models import SearchDoc
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
    topics: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @property
    def published(self) -> dt.datetime:
        """When it became what it is."""
        return aware(self.at) or dt.datetime.min.replace(tzinfo=dt.UTC)

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
    topics: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


#: Tokens by which a choice is looked up: one of the ways, all tokens of it.
Ways = tuple[tuple[str, ...], ...]


def _ways(choice: Choice, mark: str) -> Ways:
    return tuple(
        tuple(dict.fromkeys(mark + token_of(key) for term in way for key in term.parts()))[:KEYS]
        for way in choice
    )


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an index is asked for: the documents that hold every token, or one of them.

    Beside every token they hold one way of each of ``choices``.
    """

    held: tuple[str, ...]
    every: bool
    choices: tuple[Ways, ...] = ()

    def asked(self, both: str, either: str, quote: str) -> str:
        """In a database's language. Tokens are letters and digits, and the mark: none can close a
        quote."""
        found = [f"{quote}{token}{quote}" for token in self.held]
        for ways in self.choices:
            each = (f" {both} ".join(f"{quote}{one}{quote}" for one in way) for way in ways)
            found.append(f"({f' {either} '.join(f'({way})' for way in each)})")
        return f" {both if self.every else either} ".join(found)


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


_COUNTS = "SELECT token, documents FROM search_searchtoken WHERE token IN ({marks})"
_SELECT = (
    "SELECT d.id, d.kind, d.object_id, d.language, {instants}, s.bureau, s.topics, "
    "COALESCE(d.districts, s.districts) "
    "FROM {source} JOIN search_searchscope s ON s.key = d.scope "
    "WHERE {conditions} ORDER BY {order} DESC LIMIT %s"
)
_INSTANTS = "d.at, s.opens_at, s.closes_at, s.answered_at"
# As text: Django reads each column of a time into an instant, which takes as long as the look-up,
# and many documents share a few of them (``aware``).
_INSTANTS_AS_TEXT = "d.at || '', s.opens_at || '', s.closes_at || '', s.answered_at || ''"
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
        #: Whether the next look-up has to carry the bounds of its transaction.
        self._bounds_wait = False

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """PostgreSQL: nothing asked within takes longer than it may, nor is planned as a report is.

        Its planner takes reading a vector, which lies apart from its row, to cost nothing, and
        compiles what is over before it is compiled. SQLite reads as it is told. The bounds go with
        the first look-up, in one message: alone they would be a page's thirteenth query.
        """
        if not self._postgresql:
            yield
            return
        with transaction.atomic():
            self._bounds_wait = True
            try:
                yield
            finally:
                self._bounds_wait = False
            # Nothing was written; and so these settings end here within another transaction too.
            transaction.set_rollback(True)

    def frequencies(self, keys: Iterable[str]) -> tuple[dict[str, int], Corpus]:
        """In how many documents each key was when they were last counted, and how many there are.

        A key that was in fewer than two is left out.
        """
        tokens = {token_of(key): key for key in keys}
        wanted = [DOCUMENTS, LENGTHS, *tokens]
        marks = ", ".join(["%s"] * len(wanted))
        rows: dict[str, int] = dict(self._look_up(_COUNTS.format(marks=marks), wanted))
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
        choices: Sequence[Choice] = (),
        in_title: bool = False,
    ) -> list[Facts]:
        """Documents that hold every term, newest first. ``rarest``: the terms' keys in order.

        Of each of ``choices`` they hold one way, all terms of it.
        """
        mark = MARK if in_title else ""
        statement = Statement()
        for term in terms:
            if len(term.parts()) > 1 or len(rarest) > KEYS:
                self._holds(statement, term, in_title=in_title)
        for choice in choices:
            self._holds_one_way(statement, choice, in_title=in_title)
        tokens = Tokens(
            tuple(mark + token_of(key) for key in rarest[:KEYS]),
            every=True,
            choices=tuple(_ways(choice, mark) for choice in choices),
        )
        alone = len(tokens.held) == 1 and not (statement.conditions or narrowing or choices)
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

    def facts(self, numbers: Sequence[int], now: dt.datetime) -> Iterator[Facts]:
        """What is known of those of these documents that everybody may see."""
        for at in range(0, len(numbers), BATCH):
            part = numbers[at : at + BATCH]
            statement = Statement()
            statement.add(f"d.id IN ({', '.join(['%s'] * len(part))})", *part)
            self._of_scopes(statement, Narrowing(), now)
            yield from self._read("search_searchdoc d", "d.id", statement, len(part))

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The documents of these numbers as they are ranked."""
        for at in range(0, len(numbers), BATCH):
            found = SearchDoc.objects.filter(pk__in=numbers[at : at + BATCH])
            for row in found.order_by("pk").values_list(
                "pk", "title_plain", "body_plain", "length"
            ):
                yield Row(*row)

    def _holds(self, statement: Statement, term: Term, *, in_title: bool) -> None:
        condition, values = self._standing(term, in_title=in_title)
        statement.add(condition, *values)

    def _holds_one_way(self, statement: Statement, choice: Choice, *, in_title: bool) -> None:
        """Where tokens alone do not say it."""
        if all(len(term.parts()) == 1 for way in choice for term in way) and all(
            len(way) <= KEYS for way in choice
        ):
            return
        conditions: list[str] = []
        values: list[str] = []
        for way in choice:
            each = [self._standing(term, in_title=in_title) for term in way]
            conditions.append(" AND ".join(condition for condition, _values in each))
            values += [value for _condition, own in each for value in own]
        statement.add(f"(({') OR ('.join(conditions)}))", *values)

    def _standing(self, term: Term, *, in_title: bool) -> tuple[str, list[str]]:
        """That a term stands in the text as it was asked."""
        within = "strpos" if self._postgresql else "instr"
        wanted = term.text if term.han else f" {term.text} "
        if in_title:
            return f"{within}(d.title_plain, %s) > 0", [wanted]
        return (
            f"({within}(d.title_plain, %s) > 0 OR {within}(d.body_plain, %s) > 0)",
            [wanted, wanted],
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
        if self._postgresql:
            asked = tokens.asked("&", "|", "'")
            if common:
                statement.add("d.vector @@ %s::tsquery", asked)
                return self._read("search_searchdoc d", "d.id", statement, limit)
            statement.values.insert(0, asked)
            return self._read(_HOLDERS, "d.id", statement, limit)
        statement.add("search_index MATCH %s", tokens.asked("AND", "OR", '"'))
        source = "search_index i JOIN search_searchdoc d ON d.id = i.rowid"
        return self._read(source, "i.rowid", statement, limit)

    def _narrow(self, statement: Statement, narrowing: Narrowing, now: dt.datetime) -> None:
        """Only what everybody may see, and of that what the reader chose."""
        _any_of(statement, "d.kind", narrowing.kinds)
        _any_of(statement, "d.language", narrowing.languages)
        _any_of(statement, "d.scope", narrowing.scopes)
        self._filed(statement, "COALESCE(d.districts, s.districts)", narrowing.districts)
        dates = [since(value, now) for value in narrowing.dates]
        if dates:
            statement.add(
                f"({' OR '.join(condition for condition, _instant in dates)})",
                *(self._instant(instant) for _condition, instant in dates),
            )
        self._of_scopes(statement, narrowing, now)

    def _filed(self, statement: Statement, column: str, slugs: Collection[str]) -> None:
        """One of the slugs stands in the column, between spaces."""
        within = "strpos" if self._postgresql else "instr"
        if slugs:
            each = " OR ".join([f"{within}({column}, %s) > 0"] * len(slugs))
            statement.add(f"({each})", *(f" {slug} " for slug in slugs))

    def _read(self, source: str, order: str, statement: Statement, limit: int) -> list[Facts]:
        sql = _SELECT.format(
            instants=_INSTANTS if self._postgresql else _INSTANTS_AS_TEXT,
            source=source,
            conditions=" AND ".join(statement.conditions),
            order=order,
        )
        return [_facts(row) for row in self._look_up(sql, [*statement.values, limit])]

    def _look_up(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of a statement, within the bounds."""
        with connection.cursor() as cursor:
            if self._bounds_wait:
                cursor.execute(f"{_BOUNDED};{sql}", [LONGEST, *values])
                cursor.nextset()
                self._bounds_wait = False
            else:
                cursor.execute(sql, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _of_scopes(self, statement: Statement, narrowing: Narrowing, now: dt.datetime) -> None:
        """Scopes that everybody may see, of the bureaux and states that were chosen."""
        statement.add("s.visible")
        _any_of(statement, "s.bureau", narrowing.bureaux)
        self._filed(statement, "s.topics", narrowing.topics)
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
    number, kind, object_id, language, at, opens_at, closes_at, answered_at, bureau = row[:9]
    return Facts(
        number,
        kind,
        object_id,
        language,
        at,
        bureau,
        aware(opens_at),
        aware(closes_at),
        aware(answered_at),
        *map(_slugs, row[9:]),
    )


@lru_cache(maxsize=5000)
def _slugs(kept: str) -> tuple[str, ...]:
    return tuple(kept.split())


@lru_cache(maxsize=5000)
def aware(value: Any) -> dt.datetime | None:
    """An instant as the database's driver gives it. Many documents share a few of them."""
    if value is None:
        return None
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _any_of(statement: Statement, column: str, values: Collection[str]) -> None:
    if values:
        statement.add(f"{column} IN ({', '.join(['%s'] * len(values))})", *values)
