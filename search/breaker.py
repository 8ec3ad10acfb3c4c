"""A breaker before Elasticsearch: after a failure it is left alone for a while.

Each process has its own. While it is open nobody waits for a server that is away or slow; then one
question is let through, and whether that is answered decides.
"""

from __future__ import annotations

import logging
import threading
import time

logger = logging.getLogger(__name__)

#: Seconds for which nothing is asked after a failure.
PAUSE = 15.0


class Breaker:
    """Closed: questions pass. Open: none does. ``name``: what goes on without it."""

    def __init__(self, name: str, pause: float = PAUSE) -> None:
        self._name, self._pause = name, pause
        self._lock = threading.Lock()
        self._until = 0.0

    def passes(self) -> bool:
        """Whether a question may be asked now. The first after a pause holds back the others."""
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            if self._until:
                self._until = now + self._pause
            return True

    def failed(self, reason: str) -> None:
        """A question was not answered."""
        with self._lock:
            first = not self._until
            self._until = time.monotonic() + self._pause
        if first:
            logger.error("%s goes on without Elasticsearch: %s", self._name, reason)

    def answered(self) -> None:
        """A question was answered."""
        with self._lock:
            again = bool(self._until)
            self._until = 0.0
        if again:
            logger.warning("%s goes on with Elasticsearch.", self._name)


#: Before questions of readers.
breaker = Breaker("Search")
