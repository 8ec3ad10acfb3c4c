"""One of a kind at a time among all processes: held as long as its holder lives, and no longer.

A row that says "taken" outlives whoever was killed. So the turn hangs on something that the system
takes back when a process ends, however it ends: on PostgreSQL an advisory lock of a transaction on
a connection of its own, elsewhere a file's lock beside the database.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import DatabaseError, connection

from core import clock

# The transaction waits on purpose, and a machine that vanished is noticed within a minute or two.
_PATIENT = """
SELECT set_config('idle_in_transaction_session_timeout', '0', true),
       set_config('tcp_keepalives_idle', '30', true),
       set_config('tcp_keepalives_interval', '10', true)
"""
_SINCE = """
SELECT a.xact_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid::bigint << 32 | l.objid::bigint = %s
"""


class Taken(Exception):
    """Another holds the turn, since ``since`` where that is known."""

    def __init__(self, name: str, since: dt.datetime | None) -> None:
        when = f" since {since.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC" if since else ""
        super().__init__(f"Another {name} is running{when}.")
        self.since = since


class Lost(Exception):
    """The turn was taken back while its holder lives: another may have begun."""


class Turn:
    """A turn that is held."""

    def __init__(self, held: Any = None) -> None:
        self._held = held

    def check(self) -> None:
        """Before what only one may do. Raises ``Lost``."""
        if self._held is None:
            return
        try:
            self._held.execute("SELECT 1")
        except Exception as gone:
            raise Lost("The database's connection that held this turn is gone.") from gone


def alone(name: str) -> AbstractContextManager[Turn]:
    """Be the only one of this name, without waiting. Raises ``Taken``.

    ``name`` is what an operator calls it, such as "build of the index".
    """
    return _on_postgresql(name) if connection.vendor == "postgresql" else _on_file(name)


@contextmanager
def _on_postgresql(name: str) -> Iterator[Turn]:
    number = int.from_bytes(hashlib.sha256(f"alone:{name}".encode()).digest()[:8]) >> 1
    # Of its own: requests and jobs may close the thread's connection, or roll it back.
    own = connection.copy()
    try:
        own.connect()
        line: Any = own.connection
        line.execute("BEGIN")
        line.execute(_PATIENT)
        (taken,) = line.execute("SELECT pg_try_advisory_xact_lock(%s)", [number]).fetchone()
        if not taken:
            since = line.execute(_SINCE, [number]).fetchone()
            raise Taken(name, since[0] if since else None)
        yield Turn(line)
    finally:
        try:
            own.close()
        except DatabaseError:
            own.connection = None


@contextmanager
def _on_file(name: str) -> Iterator[Turn]:
    with _path(name).open("a+", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(name, _written(handle)) from None
        try:
            handle.truncate(0)
            handle.write(clock.now().isoformat())
            handle.flush()
            yield Turn()
        finally:
            # Not by closing alone: a child that was started meanwhile has the file open too.
            fcntl.flock(handle, fcntl.LOCK_UN)


def _path(name: str) -> Path:
    """A file of this database and this name: it stays, empty of meaning when nobody holds it."""
    database = Path(str(connection.settings_dict["NAME"]))
    plain = "-".join(name.split())
    if database.parent.is_dir() and database.is_file():
        return database.with_name(f"{database.name}.{plain}.lock")
    # In memory: of one process.
    digest = hashlib.sha256(str(database).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kaifong-{digest}-{plain}.lock"


def _written(handle: IO[str]) -> dt.datetime | None:
    handle.seek(0)
    try:
        return dt.datetime.fromisoformat(handle.read().strip())
    except ValueError:
        # It has just begun.
        return None
