"""How many questions a page asks of the database."""

from __future__ import annotations

from django.test.utils import CaptureQueriesContext


def number_of_queries(caught: CaptureQueriesContext) -> int:
    """Those that read something: not those that hold a look-up to its time (PostgreSQL)."""
    return sum("SAVEPOINT" not in one["sql"] and "set_config" not in one["sql"] for one in caught)
