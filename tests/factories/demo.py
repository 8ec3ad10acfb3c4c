"""The demonstration, run as the command runs it, and what there is in the database."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connection

from participation.models import Engagement

#: The trail keeps what happened; SQLite's own counters and search's inner tables are no rows.
NOT_COUNTED = ("core_audit", "wagtailsearch_indexentry_fts_", "search_index_", "sqlite_")


def demo(*words: str) -> str:
    """Run the command; what it printed."""
    out = StringIO()
    call_command("demo", *words, stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(NOT_COUNTED):
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
                found[table] = cursor.fetchone()[0]
    return found


def by_slug(slug: str) -> Engagement:
    """One of its consultations."""
    return Engagement.objects.get(import_source=f"demo:{slug}")
