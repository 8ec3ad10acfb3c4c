"""What every test begins with, and how it comes back after a test that commits.

Django ends such a test by emptying every table, one by one, and making content types and rights
anew; the next one then makes its page tree anew. Here only tables that hold a row are emptied, and
the rows that were there before the first test are put back: the same for every test, in whichever
order they run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

#: By table: its columns and its rows, as the database gives and takes them.
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]

# SQLite joins at most 500 questions in one statement.
_AT_ONCE = 250
#: The columns of tables asked for before. No test of ours alters a table and leaves it so.
_KNOWN: dict[str, list[str]] = {}


def keep_base() -> None:
    """Remember the rows of now; from now on the end of a test that commits brings them back."""
    tables = _tables()
    base = {table: _read(table) for table in _filled(tables)}

    def come_back(_nothing: list[str]) -> None:
        filled = _filled(tables)
        # Most stand as they were, and rows that are deleted and written again weigh on every later
        # look through a table that nobody vacuums.
        stands = {table for table in filled if table in base and _read(table) == base[table]}
        with transaction.atomic(), connection.cursor() as cursor, _triggers_aside(cursor):
            for table in filled:
                if table not in stands:
                    cursor.execute(f"DELETE FROM {_name(table)}")
            for table, (columns, rows) in base.items():
                if table not in stands:
                    _write(cursor, table, columns, rows)

    # Django's flush then has no statement of its own, and so nothing to make anew after it.
    connection.ops.sql_flush = lambda *args, **kwargs: []  # type: ignore[method-assign]
    connection.ops.execute_sql_flush = come_back  # type: ignore[method-assign]


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _name(table: str) -> str:
    return connection.ops.quote_name(table)


def _filled(tables: list[str]) -> list[str]:
    """Those of ``tables`` that hold a row."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for start in range(0, len(tables), _AT_ONCE):
            asked = " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_name(table)})"
                for table in tables[start : start + _AT_ONCE]
            )
            cursor.execute(_planned(cursor, asked))
            found += [table for (table,) in cursor.fetchall()]
    return found


def _planned(cursor: Any, asked: str) -> str:
    """What gives the answer of ``asked`` without its being planned each time.

    To plan so long a question takes PostgreSQL three times as long as to answer it.
    """
    if connection.vendor != "postgresql":
        return asked
    name = f"filled_{sha256(asked.encode()).hexdigest()[:16]}"
    cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f"PREPARE {name} AS {asked}")
    return f"EXECUTE {name}"


def _read(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns that can be written, and the rows."""
    with connection.cursor() as cursor:
        columns = [_name(each) for each in _columns(cursor, table)]
        # As an expression, so that SQLite gives what it holds and no value of Python for it.
        asked = [f"+{each}" for each in columns] if connection.vendor == "sqlite" else columns
        cursor.execute(f"SELECT {', '.join(asked)} FROM {_name(table)} ORDER BY 1")
        return columns, list(cursor.fetchall())


def _columns(cursor: Any, table: str) -> list[str]:
    """The columns that can be written; asked once for each table that a test wrote to."""
    if table not in _KNOWN:
        _KNOWN[table] = _described(cursor, table)
    return _KNOWN[table]


def _described(cursor: Any, table: str) -> list[str]:
    described = connection.introspection.get_table_description(cursor, table)
    if connection.vendor != "postgresql":
        return [each.name for each in described]
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND table_name = %s AND is_generated = 'ALWAYS'",
        [table],
    )
    generated = {name for (name,) in cursor.fetchall()}
    return [each.name for each in described if each.name not in generated]


def _write(cursor: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    one = f"({', '.join(['%s'] * len(columns))})"
    # SQLite takes so many values in one statement and PostgreSQL twice as many.
    many = max(1, 32_000 // len(columns))
    for start in range(0, len(rows), many):
        part = rows[start : start + many]
        cursor.execute(
            f"INSERT INTO {_name(table)} ({', '.join(columns)})"
            f" VALUES {', '.join([one] * len(part))}",
            [value for row in part for value in row],
        )


@contextmanager
def _triggers_aside(cursor: Any) -> Iterator[None]:
    """The ledger refuses to be deleted, as it should; its triggers stand aside for this moment."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
        return
    from crowdtasks.ledger import triggers

    for statement in triggers.removal():
        cursor.execute(statement)
    yield
    for statement in triggers.wanted().values():
        cursor.execute(statement)
