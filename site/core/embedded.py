"""Embedded mode: pages, sockets, the job worker and the scheduler in one process.

The in-memory channel layer reaches only its own process, and one process is what makes it right;
so the process holds a lock on a file as long as it lives, and a second one refuses to start.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)

JOB_PAUSE = 0.5
SCHEDULE_PAUSE = 5.0
# After a failure (the database is away), so that the log is not flooded.
FAILURE_PAUSE = 5.0

_held: IO[str] | None = None


def in_memory_layer() -> bool:
    """Say whether any channel layer lives in the memory of one process."""
    return any(
        "InMemory" in str(layer.get("BACKEND", "")) for layer in settings.CHANNEL_LAYERS.values()
    )


def make_data_folder() -> None:
    """Make the folder of the embedded database, so that ``manage.py migrate`` works on a bare
    clone; does nothing where the database is a server's.
    """
    database = settings.DATABASES["default"]
    if settings.KAIFONG.get("EMBEDDED") and str(database["ENGINE"]).endswith("sqlite3"):
        Path(str(database["NAME"])).parent.mkdir(parents=True, exist_ok=True)


def claim_single_process(path: Path | None = None) -> None:
    """Hold the lock that only one embedded process can hold; does nothing with a shared layer.

    Raises ImproperlyConfigured when another process holds it. The kernel frees the lock when the
    process ends, however it ends.
    """
    global _held  # noqa: PLW0603 - the handle must live as long as the process
    lock = path or settings.KAIFONG.get("EMBEDDED_LOCK")
    if _held is not None or lock is None or not in_memory_layer():
        return
    Path(lock).parent.mkdir(parents=True, exist_ok=True)
    handle = Path(lock).open("a+", encoding="ascii")  # noqa: SIM115 - closed by the end
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        handle.close()
        raise ImproperlyConfigured(
            f"Another Kaifong process (number {holder}) already serves this var/ folder. The "
            "in-memory channel layer works in one process only: end the other one, or set "
            "REDIS_URL and use the production settings."
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    _held = handle


class Loop(threading.Thread):
    """A thread that does one thing again and again until it is told to stop.

    ``work`` returns True when there may be more to do at once. What it raises is logged, and the
    loop goes on after a pause: a scheduler that died unseen would keep every paper open.
    """

    def __init__(self, name: str, work: Callable[[], bool], *, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._pause = pause
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            pause = self._pause
            try:
                close_old_connections()
                if self._work():
                    pause = 0.0
            except Exception:
                logger.exception("A loop of the embedded process failed.", extra={"job": self.name})
                pause = FAILURE_PAUSE
            self._ended.wait(pause)
        connections.close_all()

    def end(self, timeout: float = 10.0) -> bool:
        """Ask the loop to stop after its present work; True when it did within ``timeout``."""
        self._ended.set()
        self.join(timeout)
        return not self.is_alive()


def run_ready_jobs() -> bool:
    """Run every job that is ready, in this thread; True when there was one.

    The worker is django-tasks-db's own, whose constructor is not public: a test pins it. Looking
    first costs a read; the worker alone would take SQLite's write lock at each look.
    """
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    if not DBTaskResult.objects.ready().exists():
        return False
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"embedded-{os.getpid()}",
        excluded_queue_names=[],
    )
    worker.run()
    return True


def run_schedule() -> bool:
    """Run the periodic jobs that are due; never asks to be called again at once."""
    from core import schedule

    schedule.run_due()
    return False


def loops() -> tuple[Loop, Loop]:
    """Return the worker's and the scheduler's loop, not yet started."""
    return (
        Loop("jobs", run_ready_jobs, pause=JOB_PAUSE),
        Loop("schedule", run_schedule, pause=SCHEDULE_PAUSE),
    )
