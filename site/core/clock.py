"""One clock for everybody: the database's.

``now()`` is the database's time. Inside a scope (one request, one job) the first answer is kept,
so that everything the request writes carries the same instant: that instant is *received_at*, and
a citizen who was in time is in time, however long the work behind takes. Outside a scope every
call asks the database.

Tests move time here and nowhere else: ``freeze`` and ``travel`` hold for all threads of the
process, because races are tested with threads.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseBase
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)


class _Scope:
    """A holder shared by every thread that works for one request or job."""

    __slots__ = ("instant",)

    def __init__(self) -> None:
        self.instant: dt.datetime | None = None


_scope: ContextVar[_Scope | None] = ContextVar("kaifong_clock_scope", default=None)


class _Moved:
    """How tests have moved time, for the whole process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.frozen: dt.datetime | None = None
        self.shift = dt.timedelta()


_moved = _Moved()


def database_time() -> dt.datetime:
    """Ask the database what time it is; aware, in UTC. One small query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT STRFTIME('%Y-%m-%dT%H:%M:%f', 'NOW')")
            parsed = parse_datetime(cursor.fetchone()[0])
            if parsed is None:  # pragma: no cover - SQLite always answers this format
                raise RuntimeError("The database did not say what time it is.")
            return parsed.replace(tzinfo=dt.UTC)
        cursor.execute("SELECT statement_timestamp()")
        value: dt.datetime = cursor.fetchone()[0]
        return value.astimezone(dt.UTC)


def now() -> dt.datetime:
    """The database's time, aware, in UTC; inside a scope always the same instant."""
    if _moved.frozen is not None:
        return _moved.frozen + _moved.shift
    scope_now = _scope.get()
    if scope_now is None:
        return database_time() + _moved.shift
    if scope_now.instant is None:
        scope_now.instant = database_time()
    return scope_now.instant + _moved.shift


def with_now(queryset: QuerySet[M]) -> QuerySet[M]:
    """Let the rows bring the time along as ``db_now``; hand one of them to ``note``."""
    return cast("QuerySet[M]", queryset.annotate(db_now=Now()))


def note(row: Any) -> None:
    """Keep the time a row brought (see ``with_now``), unless the scope already has one."""
    scope_now = _scope.get()
    instant = getattr(row, "db_now", None)
    if scope_now is not None and scope_now.instant is None and instant is not None:
        scope_now.instant = instant


@contextmanager
def scope() -> Iterator[None]:
    """Keep one instant until the end of the block. A scope inside a scope keeps the outer one."""
    if _scope.get() is not None:
        yield
        return
    token = _scope.set(_Scope())
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def fresh_scope() -> Iterator[None]:
    """A scope of its own even inside another: for jobs run in a row by one caller."""
    token = _scope.set(_Scope())
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def freeze(instant: dt.datetime) -> Iterator[None]:
    """Tests and the demo: stop the clock at an aware instant, for every thread, until the end."""
    if instant.tzinfo is None:
        raise ValueError("The clock is frozen at an aware instant only.")
    with _moved.lock:
        before = _moved.frozen, _moved.shift
        _moved.frozen, _moved.shift = instant.astimezone(dt.UTC), dt.timedelta()
    try:
        yield
    finally:
        with _moved.lock:
            _moved.frozen, _moved.shift = before


@contextmanager
def travel(delta: dt.timedelta) -> Iterator[None]:
    """Tests only: move the clock (frozen or running) by ``delta`` until the block ends."""
    with _moved.lock:
        before = _moved.shift
        _moved.shift = before + delta
    try:
        yield
    finally:
        with _moved.lock:
            _moved.shift = before


class ClockMiddleware:
    """One scope a request. Works below synchronous and asynchronous handlers alike."""

    sync_capable = True
    async_capable = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
    ) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self.__acall__(request)
        with scope():
            return self.get_response(request)

    async def __acall__(self, request: HttpRequest) -> Any:
        with scope():
            return await self.get_response(request)  # type: ignore[misc]
