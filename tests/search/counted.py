"""How many questions a page asks of the database."""

from __future__ import annotations

from django.test.utils import CaptureQueriesContext


def number_of_queries(caught: CaptureQueriesContext) -> int:
    """All but the savepoints that a test's own transaction makes of a transaction."""
    return sum("SAVEPOINT" not in one["sql"] for one in caught)
