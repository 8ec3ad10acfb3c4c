"""Embedded mode is one process by construction; its worker is django-tasks-db's own."""

import inspect
import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from core import checks, embedded, jobs
from core.schedule import periodic
from tests.architecture.sources import ROOT

ran: list[int] = []


@jobs.job("core.test_embedded")
def _note(number: int) -> None:
    ran.append(number)


def test_the_workers_constructor_is_the_one_we_call():
    # Internal to django-tasks-db: a new version that changes it must be met here, not at night.
    assert set(inspect.signature(Worker.__init__).parameters) == {
        "self",
        "queue_names",
        "interval",
        "batch",
        "backend_name",
        "startup_delay",
        "max_tasks",
        "worker_id",
        "excluded_queue_names",
    }


@pytest.mark.django_db(transaction=True)
def test_ready_jobs_run_and_the_queue_is_empty_after():
    ran.clear()
    for number in (1, 2, 3):
        jobs.enqueue("core.test_embedded", number)
    assert embedded.run_ready_jobs() is True
    assert ran == [1, 2, 3]
    assert embedded.run_ready_jobs() is False
    assert DBTaskResult.objects.successful().count() == 3


def test_a_loop_survives_what_its_work_raises_and_ends_when_told(caplog, monkeypatch):
    monkeypatch.setattr(embedded, "FAILURE_PAUSE", 0.0)
    second = threading.Event()
    calls: list[int] = []

    def work() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        second.set()
        return False

    loop = embedded.Loop("trial", work, pause=0.01)
    loop.start()
    assert second.wait(10)
    assert loop.end()
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.django_db
def test_the_scheduler_runs_what_is_due_and_asks_for_its_pause():
    import datetime as dt

    happened: list[int] = []
    from core import schedule

    try:
        periodic("core.test_due", every=dt.timedelta(hours=1))(lambda: happened.append(1))
        assert embedded.run_schedule() is False
        assert embedded.run_schedule() is False
    finally:
        schedule._registry.pop("core.test_due", None)
    assert happened == [1]


def test_a_second_process_cannot_claim_the_lock(tmp_path, monkeypatch):
    lock = tmp_path / "embedded.lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys\n"
            f"handle = open({str(lock)!r}, 'a+')\n"
            "fcntl.flock(handle, fcntl.LOCK_EX)\n"
            "handle.write('12345'); handle.flush()\n"
            "print('held', flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    monkeypatch.setattr(embedded, "_held", None)
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ImproperlyConfigured, match="12345"):
            embedded.claim_single_process(lock)
    finally:
        holder.communicate()
    embedded.claim_single_process(lock)
    assert embedded._held is not None
    embedded._held.close()


@pytest.mark.parametrize(
    ("environ", "processes"),
    [
        ({}, 1),
        ({"WEB_CONCURRENCY": "4"}, 4),
        ({"WEB_CONCURRENCY": "many"}, 1),
        ({"GUNICORN_CMD_ARGS": "--workers=3 --threads 2"}, 3),
        ({"GUNICORN_CMD_ARGS": "-w 2"}, 2),
    ],
)
def test_the_asked_number_of_processes_is_read(environ, processes):
    assert checks.asked_processes(environ) == processes


def test_several_processes_are_refused_with_the_memory_layer(monkeypatch):
    assert checks.one_process_in_memory() == []
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert [fault.id for fault in checks.one_process_in_memory()] == ["core.E001"]


def test_the_memory_layer_is_refused_outside_embedded_mode(settings):
    settings.KAIFONG = {**settings.KAIFONG, "EMBEDDED": False}
    assert [fault.id for fault in checks.one_process_in_memory()] == ["core.E002"]
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}
    }
    assert checks.one_process_in_memory() == []


def test_the_lock_lies_in_the_folder_it_protects():
    from config.settings import dev

    assert dev.KAIFONG["EMBEDDED_LOCK"] == dev.VAR_DIR / "embedded.lock"
    assert settings.KAIFONG["EMBEDDED_LOCK"] is None


def test_migrate_works_on_a_bare_clone(tmp_path):
    """Where ``var/`` is missing the folder of the embedded database is made, deep ones too."""
    var = tmp_path / "not" / "there"
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "contenttypes", "-v0"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "KAIFONG_VAR": str(var),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (var / "kaifong.sqlite3").exists()


@pytest.mark.parametrize(
    ("engine", "is_embedded"),
    [("django.db.backends.postgresql", True), ("django.db.backends.sqlite3", False)],
)
def test_no_folder_is_made_where_the_database_is_elsewhere(
    engine, is_embedded, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        settings,
        "DATABASES",
        {"default": {"ENGINE": engine, "NAME": str(tmp_path / "var" / "name")}},
    )
    monkeypatch.setattr(settings, "KAIFONG", {**settings.KAIFONG, "EMBEDDED": is_embedded})
    embedded.make_data_folder()
    assert not (tmp_path / "var").exists()
