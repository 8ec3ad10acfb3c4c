"""The test database: migrated once for all processes, which then get a copy each.

Running every migration takes as long as hundreds of tests, and so does no process twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from tests.once import in_turn, made_once

Fill = Callable[[], None]
End = Callable[[], None]


def for_one(fill: Fill, *, keep: bool, anew: bool) -> End:
    """A database for the only process; ``keep`` it for the next run, made ``anew`` if wished.

    Returns what takes it down.
    """
    before = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False, keepdb=keep and not anew
    )
    fill()
    return lambda: connection.creation.destroy_test_db(before, verbosity=0, keepdb=keep)


def for_many(worker: str, fill: Fill, *, shared: Path) -> End:
    """A copy for this process of what the first one made; ``shared`` is where that is noted.

    Returns what takes the copy down, and after it, in the process that made it, the pattern.
    """
    before = str(connection.settings_dict["NAME"])
    mine: list[str] = []

    def make(draft: Path) -> None:
        mine.append(
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        )
        fill()
        # Nobody may be in a database that is copied.
        connection.close()
        draft.write_text(mine[0])

    pattern = made_once(shared / "database", make)
    with in_turn(pattern):
        _enter(pattern.read_text())
        # Another run beside this one has workers of the same names.
        mark = f"{worker}_{os.getppid()}"
        copy = connection.creation.get_test_db_clone_settings(mark)["NAME"]
        connection.creation.clone_test_db(mark, verbosity=0, autoclobber=True)
        _enter(copy)

    def end() -> None:
        connection.creation.destroy_test_db(verbosity=0)
        if mine:
            with in_turn(pattern):
                pattern.unlink()
                _enter(mine[0])
                connection.creation.destroy_test_db(before, verbosity=0)

    return end


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written within is gone afterwards.

    Actions that must not run inside another transaction may run inside it, as inside a test's:
    Django knows a test's own block by this mark and has no other way to say it.
    """
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def _enter(name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
