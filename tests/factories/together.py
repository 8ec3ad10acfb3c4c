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
