"""One of a kind at a time: the second is told since when, and nobody waits for who was killed."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from django.db import connection

from core.alone import Lost, Taken, alone
from tests.processes.running import SECONDS, environment, kill, start

pytestmark = pytest.mark.django_db(transaction=True)

_HOLDER = """
import sys, time, django
django.setup()
from pathlib import Path
from core.alone import alone
with alone("trial"):
    Path(sys.argv[1]).touch()
    time.sleep(600)
"""


@pytest.mark.db
def test_the_second_is_told_since_when_and_comes_after_the_first():
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    with alone("trial") as turn:
        turn.check()
        with (
            pytest.raises(Taken, match=r"^Another trial is running since 20\S+ \S+ UTC\.$") as told,
            alone("trial"),
        ):
            pass
        assert told.value.since is not None
        assert before < told.value.since <= dt.datetime.now(dt.UTC)
        # Of another name nobody waits.
        with alone("other trial"):
            pass
    with alone("trial"):
        pass


@pytest.mark.db
def test_one_that_failed_holds_it_no_longer():
    with pytest.raises(ZeroDivisionError), alone("trial"):
        raise ZeroDivisionError
    with alone("trial"):
        pass


@pytest.mark.db
def test_one_that_was_killed_by_signal_9_holds_it_no_longer(tmp_path: Path):
    sign = tmp_path / "held"
    process = start("-c", _HOLDER, str(sign), env=environment())
    try:
        end = time.monotonic() + SECONDS
        while not sign.exists():
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        with pytest.raises(Taken), alone("trial"):
            pass
    finally:
        kill(process)
    free_again()


def free_again() -> None:
    """PostgreSQL notices that a client is gone when it next looks: a moment, on a busy machine."""
    end = time.monotonic() + 10
    while True:
        try:
            with alone("trial"):
                return
        except Taken:
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.mark.db
@pytest.mark.only_on("sqlite", reason="no file is held there")
def test_a_file_that_a_child_has_open_too_is_free_after_its_turn():
    with alone("trial"):
        opened = [int(each.name) for each in Path("/proc/self/fd").iterdir() if _is_ours(each)]
        # As a child that was forked meanwhile has it.
        others = [os.dup(each) for each in opened]
    try:
        assert others
        with alone("trial"):
            pass
    finally:
        for each in others:
            os.close(each)


def _is_ours(opened: Path) -> bool:
    return opened.is_symlink() and str(opened.readlink()).endswith("trial.lock")


@pytest.mark.only_on("postgresql", reason="A file's lock is not lost.")
def test_one_whose_connection_was_ended_knows_it():
    with alone("trial") as turn:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        with pytest.raises(Lost):
            turn.check()


@pytest.mark.db
def test_what_is_asked_for_by_a_clock_waits_once(monkeypatch):
    from core import jobs

    monkeypatch.setitem(jobs._registry, "core.trial", lambda: None)
    assert jobs.enqueue_once("core.trial")
    assert not jobs.enqueue_once("core.trial")
    assert jobs.unfinished("core.trial") == 1
    # One that runs may be a killed worker's; one that is to be tried again later is not due.
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.update(status="RUNNING")
    assert jobs.enqueue_once("core.trial")
    assert not jobs.enqueue_once("core.trial")
    jobs.drain()
    jobs.enqueue("core.trial", run_after=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert jobs.enqueue_once("core.trial")
