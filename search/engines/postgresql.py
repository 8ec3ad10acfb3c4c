"""PostgreSQL's tsvector, in temporary tables of a transaction that is always rolled back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import psycopg
from django.db import DatabaseError, connection, transaction

from search.engines.base import EngineUnavailable, NoServer, TableEngine
from search.ranking import Row

# The vector is made of tokens as they are (``array_to_tsvector``), by no parser of PostgreSQL's,
# and without places: those stop at 16,383 and at 256 for one token, and hits would be lost.
_TABLES = """
CREATE TEMPORARY TABLE search_eval_document
  (number integer PRIMARY KEY, title text, body text, length integer, tokens tsvector);
CREATE TEMPORARY TABLE search_eval_token (token text COLLATE "C" PRIMARY KEY, documents integer);
"""
_INDEX = """
CREATE INDEX search_eval_tokens ON search_eval_document USING gin (tokens);
ANALYZE search_eval_document;
"""


class PostgresqlEngine(TableEngine):
    """On the platform's database when that is PostgreSQL, else on the one of DATABASE_URL.

    It needs the right to make temporary tables and no other.
    """

    name = "postgresql"

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        try:
            self._cursor = self._stack.enter_context(_rolled_back())
            self._cursor.execute(_TABLES)
        except (DatabaseError, psycopg.Error) as refused:
            self._stack.__exit__(type(refused), refused, refused.__traceback__)
            raise EngineUnavailable(f"PostgreSQL refused: {str(refused).strip()}") from None
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stack.__exit__(*raised)

    def all_of(self, keys: Sequence[str]) -> list[int]:
        return self._matching(" & ".join(map(_asked, keys)))

    def any_of(self, keys: Sequence[str]) -> list[int]:
        return self._matching(" | ".join(map(_asked, keys)))

    def _matching(self, expression: str) -> list[int]:
        if not expression:
            return []
        sql = "SELECT number FROM search_eval_document WHERE tokens @@ %s::tsquery ORDER BY number"
        return [number for (number,) in self._query(sql, [expression])]

    def _write(self, rows: list[tuple[Row, list[str]]]) -> None:
        self._cursor.execute(
            "INSERT INTO search_eval_document SELECT number, title, body, length, "
            "array_to_tsvector(string_to_array(tokens, ' ')) FROM unnest(%s::integer[], "
            "%s::text[], %s::text[], %s::integer[], %s::text[]) "
            "AS given (number, title, body, length, tokens)",
            [
                [row.number for row, _tokens in rows],
                [row.title for row, _tokens in rows],
                [row.body for row, _tokens in rows],
                [row.length for row, _tokens in rows],
                [" ".join(tokens) for _row, tokens in rows],
            ],
        )

    def _write_frequencies(self, rows: list[tuple[str, int]]) -> None:
        self._cursor.execute(
            "INSERT INTO search_eval_token SELECT * FROM unnest(%s::text[], %s::integer[])",
            [[token for token, _documents in rows], [documents for _token, documents in rows]],
        )
        self._cursor.execute(_INDEX)

    def _query(self, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        self._cursor.execute(sql, values)
        yield from self._cursor.fetchall()


def _asked(key: str) -> str:
    """A key as a tsquery asks for it. Keys are letters and digits: none can close the quote."""
    return f"'{key[:-1]}':*" if key.endswith("*") else f"'{key}'"


@contextmanager
def _rolled_back() -> Iterator[Any]:
    """A cursor of a transaction that nothing remains of. Raises ``NoServer``."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
            transaction.set_rollback(True)
        return
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith(("postgres://", "postgresql://")):
        raise NoServer(
            "PostgreSQL is not there. Name a database in DATABASE_URL, or begin the command with: "
            "scripts/services run postgres --",
            service="postgres",
        )
    with psycopg.connect(address) as own, own.cursor() as cursor:
        yield cursor
        own.rollback()
