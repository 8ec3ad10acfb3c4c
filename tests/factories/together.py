"""Several things released at the same moment, for tests of locks and constraints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from core.exceptions import DomainError


def released_together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each work, in a thread of its own, gave back; a refusal of the domain is a result.

    Any other exception is a fault of ours and fails the test.
    """
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def one(number: int) -> None:
        try:
            barrier.wait()
            results[number] = works[number]()
        except Exception as fault:
            results[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = [row for row in results if isinstance(row, Exception)]
    assert not [fault for fault in faults if not isinstance(fault, DomainError)], faults
    return results


class Beside:
    """A work at work in a thread of its own, with a connection of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work, self._result = work, None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._work()
        except Exception as fault:
            self._result = fault
        finally:
            connection.close()

    def is_over(self, seconds: float) -> bool:
        """Whether it came to its end, within so long."""
        self._thread.join(timeout=seconds)
        return not self._thread.is_alive()

    def result(self) -> Any:
        """What it gave back; a refusal of the domain is a result, anything else is raised."""
        assert self.is_over(30)
        if isinstance(self._result, Exception) and not isinstance(self._result, DomainError):
            raise self._result
        return self._result


def beside(work: Callable[[], Any]) -> Beside:
    """Begin a work within a transaction that holds locks (PostgreSQL).

    Returns once the work waits for one of them, or has come to its end without: so two meet where
    a test wants them to, and nowhere else.
    """
    other = Beside(work)
    for _try in range(3000):
        if other.is_over(0.01) or _is_waited_for():
            return other
    raise AssertionError("It neither waits nor ends.")


def _is_waited_for() -> bool:
    """Locks are told as they are now; activity only as it was when the transaction first asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
