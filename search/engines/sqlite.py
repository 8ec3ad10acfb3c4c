"""SQLite's FTS5, in a database of this object alone that is gone when it is closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Self

from search.engines.base import EngineUnavailable, TableEngine
from search.ranking import Row

# Tokens come ready. ``ascii`` divides at spaces and leaves every other letter of the world whole;
# which document holds a token is all that is asked, so places are not kept.
_TABLES = """
CREATE TABLE search_eval_document
  (number INTEGER PRIMARY KEY, title TEXT, body TEXT, length INTEGER);
CREATE TABLE search_eval_token (token TEXT PRIMARY KEY, documents INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE search_eval_index
USING fts5(tokens, content = '', tokenize = 'ascii', detail = 'none', prefix = '1');
-- Many documents at once are put in order in memory and written together.
INSERT INTO search_eval_index (search_eval_index, rank) VALUES ('hashsize', 33554432);
BEGIN;
"""


class SqliteEngine(TableEngine):
    """Works whatever database the platform uses: its file has no name and belongs to nobody."""

    name = "sqlite"

    def __enter__(self) -> Self:
        self._connection = sqlite3.connect("", isolation_level=None)
        try:
            self._connection.executescript(_TABLES)
        except sqlite3.OperationalError as lacking:
            self._connection.close()
            raise EngineUnavailable(
                f"This SQLite cannot search ({lacking}). Use one that was built with FTS5."
            ) from None
        return self

    def __exit__(self, *_raised: object) -> None:
        self._connection.close()

    def all_of(self, keys: Sequence[str]) -> list[int]:
        return self._matching(" AND ".join(map(_asked, keys)))

    def any_of(self, keys: Sequence[str]) -> list[int]:
        return self._matching(" OR ".join(map(_asked, keys)))

    def _matching(self, expression: str) -> list[int]:
        if not expression:
            return []
        sql = "SELECT rowid FROM search_eval_index WHERE search_eval_index MATCH %s ORDER BY rowid"
        return [number for (number,) in self._query(sql, [expression])]

    def _write(self, rows: list[tuple[Row, list[str]]]) -> None:
        self._connection.executemany(
            "INSERT INTO search_eval_document VALUES (?, ?, ?, ?)",
            [(row.number, row.title, row.body, row.length) for row, _tokens in rows],
        )
        self._connection.executemany(
            "INSERT INTO search_eval_index (rowid, tokens) VALUES (?, ?)",
            [(row.number, " ".join(tokens)) for row, tokens in rows],
        )

    def _write_frequencies(self, rows: list[tuple[str, int]]) -> None:
        self._connection.executemany("INSERT INTO search_eval_token VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def _query(self, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(sql.replace("%s", "?"), values)


def _asked(key: str) -> str:
    """A key as FTS5 asks for it. Keys are letters and digits: none can close the quote."""
    return f'"{key[:-1]}"*' if key.endswith("*") else f'"{key}"'
