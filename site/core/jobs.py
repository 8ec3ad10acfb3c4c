"""Work for later: a row written in the caller's transaction, run by a worker.

An action enqueues by name (``enqueue("consultations.render_pdf", pk)``), so that a lower app can
ask for work a higher app does; the name is checked at once, the function is found when it runs.

**Every job must survive a second run.** A job is given again when it failed (with growing pauses,
five tries in all), when its worker was killed, and now and then for no reason. Jobs therefore take
ids, look at the rows as they are now, and write under constraints.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django_tasks import task

from core import clock

logger = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

MAX_ATTEMPTS = 5
# Pause before the second, third, fourth and fifth try.
PAUSES = (
    dt.timedelta(seconds=10),
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
)
# A job that has been running longer than this belonged to a worker that is gone.
LOST_AFTER = dt.timedelta(minutes=30)
# The priority of what waits until nothing else does.
BEHIND = -10

_registry: dict[str, Callable[..., Any]] = {}


class UnknownJob(LookupError):
    """No job of that name is registered: its app's ``tasks`` is not imported in ``ready()``."""


def job(name: str) -> Callable[[F], F]:
    """Register a function as the job ``app.name``. A second function of that name is refused."""

    def register(function: F) -> F:
        known = _registry.get(name)
        if known is not None and _origin(known) != _origin(function):
            raise ValueError(f"The job '{name}' is already {_origin(known)}.")
        _registry[name] = function
        return function

    return register


def _origin(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def registered() -> tuple[str, ...]:
    """The names of all jobs, sorted."""
    return tuple(sorted(_registry))


def find(name: str) -> Callable[..., Any]:
    """The function of a job; raises ``UnknownJob``."""
    try:
        return _registry[name]
    except KeyError:
        raise UnknownJob(f"No job is called '{name}'.") from None


def enqueue(
    name: str,
    *ids: int | str | bool | None,
    run_after: dt.datetime | None = None,
    behind: bool = False,
) -> None:
    """Write the row that asks for the job, in the transaction that is open now.

    Arguments are ids (or small JSON scalars), never rows or texts. ``behind`` is for what may take
    long: a worker takes it when nothing else waits. Raises ``UnknownJob`` for a name nobody
    registered, ``TypeError`` for an argument that is not a scalar.
    """
    find(name)
    for argument in ids:
        if argument is not None and not isinstance(argument, int | str | bool):
            raise TypeError(f"The job '{name}' takes ids, not {type(argument).__name__}.")
    _put(name, list(ids), 1, run_after, behind)


def enqueue_once(name: str, *, behind: bool = False) -> bool:
    """``enqueue``, unless one that is due waits already; whether it was. For what a clock asks for.

    One that runs does not count: its worker may have been killed. So the job itself has to see to
    it that two of it are one (``core.alone``).
    """
    from django_tasks import TaskResultStatus

    if _due().filter(status=TaskResultStatus.READY, args_kwargs__args__0=name).exists():
        return False
    enqueue(name, behind=behind)
    return True


def _due() -> Any:
    from django_tasks_db.models import DBTaskResult, get_date_max

    return DBTaskResult.objects.exclude(run_after__gt=clock.now(), run_after__lt=get_date_max())


def unfinished(name: str) -> int:
    """How many of this job wait or run now."""
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    open_states = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return DBTaskResult.objects.filter(status__in=open_states, args_kwargs__args__0=name).count()


def forget(name: str, *ids: int | str | bool | None) -> int:
    """Take back what was asked for and has not begun; returns how many rows. For taken-away demos.

    A job whose row is gone by the time it runs does nothing by itself, so nobody else needs this.
    """
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        args_kwargs__args__0=name,
        args_kwargs__args__1=list(ids),
    )
    return waiting.delete()[0]


def _put(
    name: str,
    ids: list[Any],
    attempt: int,
    run_after: dt.datetime | None,
    behind: bool = False,
) -> None:
    asked = run_job if run_after is None else run_job.using(run_after=run_after)
    if behind:
        asked = asked.using(priority=BEHIND)
    asked.enqueue(name, ids, attempt)


@task()
def run_job(name: str, ids: list[Any], attempt: int) -> None:
    """What the worker runs: one job, in a clock scope of its own, put back when it fails."""
    try:
        with clock.fresh_scope():
            find(name)(*ids)
    except Exception:
        logger.exception("A job failed.", extra={"job": name, "attempt": attempt})
        if attempt < MAX_ATTEMPTS:
            with clock.fresh_scope():
                _put(name, ids, attempt + 1, clock.now() + PAUSES[attempt - 1])
        raise


def reclaim(older_than: dt.timedelta = LOST_AFTER) -> int:
    """Give jobs of killed workers back to the queue; returns how many.

    ``older_than=timedelta(0)`` is right where no other worker can be running (embedded start-up).
    """
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    lost = DBTaskResult.objects.running().filter(started_at__lte=clock.now() - older_than)
    return lost.update(status=TaskResultStatus.READY)


def drain(*, limit: int = 1000, keep: bool = True) -> int:
    """Run what is due by our clock, oldest first, in this thread; returns how many ran.

    For tests, the demo and commands. A job that fails does not stop the next; jobs that jobs
    enqueue are run too, and the CMS's own. Retries wait for their time, so move the clock to see
    them. What the CMS asked for several times over is done once. ``keep=False`` leaves no row of
    those that succeeded.
    """
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    done = 0
    while done < limit:
        ready = _due().filter(status=TaskResultStatus.READY)
        row = ready.order_by("-priority", "enqueued_at").first()
        if row is None:
            break
        alike = _alike(row, ready)
        started_at = clock.now()
        taken = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING, started_at=started_at
        )
        if not taken:
            continue
        row.status, row.started_at = TaskResultStatus.RUNNING, started_at
        try:
            row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        except Exception as error:
            row.set_failed(error)
        else:
            row.set_successful(None)
            if alike:
                done += DBTaskResult.objects.filter(
                    pk__in=alike, status=TaskResultStatus.READY
                ).update(
                    status=TaskResultStatus.SUCCESSFUL,
                    started_at=started_at,
                    finished_at=row.finished_at,
                )
            if not keep:
                DBTaskResult.objects.filter(
                    pk__in=[row.pk, *alike], status=TaskResultStatus.SUCCESSFUL
                ).delete()
        done += 1
    return done


#: The CMS's own, asked for at each save of a page: they look at it as it is now.
_AS_IT_IS = {
    "modelsearch.tasks.insert_or_update_object_task",
    "wagtail.tasks.update_reference_index_task",
}


def _alike(row: Any, ready: Any) -> list[Any]:
    """Those that ask for what ``row`` does, and are done with it: all asked before it begins."""
    if row.task_path not in _AS_IT_IS:
        return []
    same = ready.filter(task_path=row.task_path, args_kwargs=row.args_kwargs)
    return list(same.exclude(pk=row.pk).values_list("pk", flat=True))
