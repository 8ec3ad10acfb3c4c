"""One at a time: keeping, changing and removing a search, writing down what is new, telling of it.

Each is short. Apart from each other nothing can come between "what is there when it is saved" and
"what came later", hits have the order of their numbers, and nothing becomes due between what is
told and the note of it. Rows of saved searches are written by who holds the turn.

Who wants an account's row holds it before the turn, or passes over it where another holds it:
closing an account holds the one and then waits for the other (ADR 57).
"""

from django.db import connection

#: PostgreSQL's number of the lock.
_NUMBER = 6_500_065


def wait_for_turn() -> None:
    """Hold the turn until the open transaction ends. SQLite has one that writes at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER])
