"""The databases' own indexes over ``SearchDoc.tokens``: made by a migration, looked at by a test.

SQLite: FTS5 over the table's own column (external content), kept by triggers in the writing
transaction. PostgreSQL: a generated vector with a GIN index. Neither cuts a text itself: tokens
come ready, one blank between two.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# ``ascii`` divides at spaces and ASCII signs and leaves other letters whole. Only which row holds a
# token is asked, so neither places nor lengths are kept.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
        tokens, content = 'search_searchdoc', content_rowid = 'id', tokenize = 'ascii',
        detail = 'none', columnsize = 0)
    """,
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_vocabulary USING fts5vocab('search_index', 'row')",
    """
    CREATE TRIGGER IF NOT EXISTS search_added AFTER INSERT ON search_searchdoc BEGIN
        INSERT INTO search_index (rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS search_gone AFTER DELETE ON search_searchdoc BEGIN
        INSERT INTO search_index (search_index, rowid, tokens)
            VALUES ('delete', old.id, old.tokens);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS search_changed AFTER UPDATE OF tokens ON search_searchdoc
    WHEN old.tokens <> new.tokens BEGIN
        INSERT INTO search_index (search_index, rowid, tokens)
            VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_index (rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
)
_SQLITE_AWAY = (
    "DROP TRIGGER IF EXISTS search_changed",
    "DROP TRIGGER IF EXISTS search_gone",
    "DROP TRIGGER IF EXISTS search_added",
    "DROP TABLE IF EXISTS search_vocabulary",
    "DROP TABLE IF EXISTS search_index",
)
_POSTGRESQL = (
    """
    ALTER TABLE search_searchdoc ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED
    """,
    "CREATE INDEX search_vector ON search_searchdoc USING gin (vector)",
)
_POSTGRESQL_AWAY = ("ALTER TABLE search_searchdoc DROP COLUMN IF EXISTS vector",)


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Called by the migration."""
    _run(schema_editor, _SQLITE if _is_sqlite(schema_editor) else _POSTGRESQL)


def remove(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Called by the migration backwards."""
    _run(schema_editor, _SQLITE_AWAY if _is_sqlite(schema_editor) else _POSTGRESQL_AWAY)


def _is_sqlite(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "sqlite"


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    for statement in statements:
        schema_editor.execute(statement)
