"""A way to Elasticsearch that keeps its time.

The limits of an HTTP client are for each step: a connection, a piece of an answer. A server that
gives a byte now and then, or a name that nobody resolves, would hold a reader for as long as it
pleases. So one thread of the process cuts the lines of requests whose time is over. A line that has
to be made first has nothing to cut: it is made in a thread of its own, which is waited for so long
and no longer. (A thread for each request did both, and cost as much as the question.)
"""

from __future__ import annotations

import heapq
import itertools
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from elastic_transport import ConnectionTimeout, NodeConfig, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from urllib3.connection import HTTPConnection

#: The request that this thread makes.
_here = threading.local()
_LATE = "No whole answer came in time"


class PunctualNode(Urllib3HttpNode):
    """Gives an answer or an error within the time of the request, whatever happens on the way."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        # With TLS or without: looked up whenever a line is made.
        kind = self.pool.ConnectionCls
        self.pool.ConnectionCls = type(kind.__name__, (_Line, kind), {})
        # Nobody waits for another's line to be free: one more is made, and not kept.
        self.pool.block = False

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Any = None,
        request_timeout: Any = DEFAULT,
    ) -> Any:
        """The answer. Raises ``ConnectionTimeout`` when it is not whole in time, and what asking
        raised."""
        seconds = self.config.request_timeout if request_timeout is DEFAULT else request_timeout
        asked = (method, target, body, headers, request_timeout)
        if seconds is None:
            return super().perform_request(*asked)
        request = _Request(seconds)
        _here.request = request
        try:
            _watch.begin(request)
            answer = super().perform_request(*asked)
        except Exception as wrong:
            if request.is_over():
                raise ConnectionTimeout(_LATE) from wrong
            raise
        finally:
            _watch.end(request)
            _here.request = None
        if request.is_late:
            # An answer without a length ends where it is cut, and looks whole.
            raise ConnectionTimeout(_LATE)
        return answer


class _Late(TimeoutError):
    """The time of the request is over."""


class _Request:
    """``is_late``: it was cut. ``is_done``: it has its answer, or never will."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.is_late = self.is_done = False
        self._line: Any = None
        self._sock: Any = None

    def has(self, line: Any) -> None:
        """From now on this line is the request's. Raises ``_Late``."""
        with _watch.changed:
            self._line, line.holder = line, self
            if self.is_late:
                raise _Late

    def reads(self, sock: Any) -> None:
        """It was asked by this; a line lets go of it when the other side says it will close."""
        with _watch.changed:
            self._sock = sock
            if self.is_late:
                raise _Late

    def is_over(self) -> bool:
        return self.is_late or time.monotonic() >= self.end

    def cut(self) -> None:
        """Whoever still reads comes to an end, and gives the connection's place back.

        With the watch's lock held.
        """
        self.is_late = True
        # A line that is free again may be another's by now.
        own = self._line is not None and self._line.holder is self
        sock = (self._sock or getattr(self._line, "sock", None)) if own else None
        if sock is not None:
            with suppress(OSError):
                # Not TLS's own: that lets go of the keys, and who asks would read and write past
                # them.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def leave(self) -> None:
        """Its line may be another's from now on. With the watch's lock held."""
        self.is_done, self._line, self._sock = True, None, None


class _Watch:
    """Cuts what is late, in one thread that is there from the first request on."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.reset()

    def reset(self) -> None:
        """As in a new process: a child has none of its parent's threads."""
        self.changed = threading.Condition()
        self._waiting: list[tuple[float, int, _Request]] = []
        self._thread: threading.Thread | None = None

    def begin(self, request: _Request) -> None:
        with self.changed:
            heapq.heappush(self._waiting, (request.end, next(self._numbers), request))
            if self._thread is None or not self._thread.is_alive():
                # No thread that waits keeps the process from ending.
                self._thread = threading.Thread(target=self._run, name="elasticsearch", daemon=True)
                self._thread.start()
            elif self._waiting[0][2] is request:
                self.changed.notify()

    def end(self, request: _Request) -> None:
        """It is taken from the heap when its time comes."""
        with self.changed:
            request.leave()

    def _run(self) -> None:
        with self.changed:
            while True:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is None or left > 0:
                    self.changed.wait(left)
                    continue
                request = heapq.heappop(self._waiting)[2]
                if not request.is_done:
                    request.cut()


_watch = _Watch()
os.register_at_fork(after_in_child=_watch.reset)


class _Line(HTTPConnection):
    """A connection that the request which uses it knows. ``holder``: who used it last."""

    holder: _Request | None = None

    def connect(self) -> None:
        request: _Request | None = getattr(_here, "request", None)
        if request is None:
            super().connect()
            return
        request.has(self)
        _Making(super().connect, self).within(request.end - time.monotonic())
        # Cut while it was made, and nobody noticed.
        request.has(self)

    def request(self, *args: Any, **more: Any) -> None:
        request: _Request | None = getattr(_here, "request", None)
        if request is not None:
            request.has(self)
        super().request(*args, **more)
        if request is not None:
            request.reads(self.sock)


class _Making:
    """A line that is being made. A name may be looked up for as long as it pleases."""

    def __init__(self, connect: Callable[[], None], line: Any) -> None:
        self._connect, self._line = connect, line
        self._wrong: BaseException | None = None
        self._given_up = False

    def within(self, seconds: float) -> None:
        """Raises what connecting raised, and ``_Late`` when it takes longer."""
        thread = threading.Thread(target=self._run, name="elasticsearch-line", daemon=True)
        thread.start()
        thread.join(max(0.0, seconds))
        if thread.is_alive():
            self._given_up = True
            raise _Late
        if self._wrong is not None:
            raise self._wrong

    def _run(self) -> None:
        try:
            self._connect()
        except BaseException as wrong:
            self._wrong = wrong
        if self._given_up:
            self._line.close()
