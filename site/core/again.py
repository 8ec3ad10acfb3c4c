"""Acts that the database ended because others were writing the same are done again.

PostgreSQL breaks a deadlock by ending one of the transactions, and SQLite gives up waiting for the
one that writes. Neither is anybody's mistake, and nothing of the act stands: it is done again after
a moment, a few times, and then said in a sentence (``Overtaken``). Our order of locks
(``crowdtasks.ledger.locks``, ADR 57) makes this rare; this is the net below it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest

from core.exceptions import Overtaken

Result = TypeVar("Result")

#: How often an act is tried in all, and the longest wait before the next try, in milliseconds.
TRIES = 4
LONGEST_WAIT = 120
#: A deadlock that was broken, and a transaction that cannot be put in a row with the others.
_STATES = {"40P01", "40001"}
_READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET", "SHOW", "PRAGMA")


def is_passing(error: BaseException) -> bool:
    """Whether the database ended an act because of others, so that it may go through now."""
    if not isinstance(error, OperationalError):
        return False
    if getattr(error.__cause__, "sqlstate", None) in _STATES:
        return True
    return connection.vendor == "sqlite" and "database is locked" in str(error)


def again(act: Callable[[], Result], *, request: HttpRequest | None = None) -> Result:
    """What ``act`` gives, tried again where the database ended it because of others.

    ``act`` is called anew each time and must read what it needs anew; files of ``request`` are then
    at their beginning again. Only what has left nothing
    behind is tried again: after a commit of a part of it the error is let through, and so it is
    inside a transaction, which is over with its first error. Raises ``Overtaken`` when the last
    try fails as well.
    """
    if connection.in_atomic_block:
        return act()
    for number in range(1, TRIES + 1):
        with _commits() as committed:
            try:
                return act()
            except OperationalError as error:
                if committed or not is_passing(error):
                    raise
                if number == TRIES:
                    raise Overtaken from error
        # Not all at once again: those who met wait for different times.
        time.sleep((1 + secrets.randbelow(LONGEST_WAIT)) / 1000)
        if request is not None:
            _rewind(request)
    raise AssertionError("The last try returns or raises.")


@contextmanager
def _commits() -> Iterator[list[bool]]:
    """A list that is no longer empty once something that was written in the block stands."""
    committed: list[bool] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if not sql.lstrip().upper().startswith(_READING):
            # At once where there is no transaction; not at all where it is rolled back.
            transaction.on_commit(lambda: committed.append(True))
        return result

    with connection.execute_wrapper(note):
        yield committed


def _rewind(request: HttpRequest) -> None:
    for _name, files in request.FILES.lists():
        for file in files:
            if not file.closed:
                file.seek(0)
