"""A way to Elasticsearch that keeps its time.

The limits of an HTTP client are for each step: a connection, a piece of an answer. A server that
gives a byte now and then, or a name that nobody resolves, would hold a reader for as long as it
pleases. So each request is made in a thread of its own, which is waited for so long and no longer.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from functools import partial
from typing import Any

from elastic_transport import ConnectionTimeout, NodeConfig, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT

#: The request that this thread makes.
_here = threading.local()


class PunctualNode(Urllib3HttpNode):
    """Gives an answer or an error within the time of the request, whatever happens on the way."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        # With TLS or without: looked up whenever a line is made.
        kind = self.pool.ConnectionCls
        self.pool.ConnectionCls = type(kind.__name__, (_Line, kind), {})

    def perform_request(
        self, method: str, target: str, *args: Any, request_timeout: Any = DEFAULT, **more: Any
    ) -> Any:
        seconds = self.config.request_timeout if request_timeout is DEFAULT else request_timeout
        ask = partial(super().perform_request, method, target, *args, **more)
        return _Request(partial(ask, request_timeout=request_timeout)).within(seconds)


class _Line:
    """A connection that the request which uses it knows."""

    def connect(self) -> None:
        self._known()
        super().connect()  # type: ignore[misc]

    def request(self, *args: Any, **more: Any) -> None:
        self._known()
        super().request(*args, **more)  # type: ignore[misc]

    def _known(self) -> None:
        request: _Request | None = getattr(_here, "request", None)
        if request is not None:
            request.line = self


class _Request:
    def __init__(self, ask: partial[Any]) -> None:
        self._ask = ask
        self._answer: Any = None
        self._wrong: BaseException | None = None
        self.line: Any = None

    def within(self, seconds: float | None) -> Any:
        """The answer. Raises what asking raised, and ``ConnectionTimeout`` when it takes longer."""
        # No thread that waits keeps the process from ending.
        thread = threading.Thread(target=self._run, name="elasticsearch", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self._cut()
            raise ConnectionTimeout("No whole answer came in time")
        if self._wrong is not None:
            raise self._wrong
        return self._answer

    def _run(self) -> None:
        _here.request = self
        try:
            self._answer = self._ask()
        except BaseException as wrong:
            self._wrong = wrong

    def _cut(self) -> None:
        """Whoever still reads comes to an end, and gives the connection's place back."""
        line = getattr(self.line, "sock", None)
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
