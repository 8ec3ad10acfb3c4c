"""One at a time: keeping a search, and looking for what is new for those that are kept.

Both are short. Apart from each other nothing can come between "what is there when it is saved" and
"what came later", and hits have the order of their numbers.
"""

from django.db import connection

#: PostgreSQL's number of the lock.
_NUMBER = 6_500_065


def wait_for_turn() -> None:
    """Hold the turn until the open transaction ends. SQLite has one that writes at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER])
