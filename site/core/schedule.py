"""Work by the clock: every job that comes again, in one list, safe to run twice or late.

``run_due`` may be called by any number of schedulers at once: each job has one row, and only the
scheduler whose conditional UPDATE takes the row runs it. After a gap a job runs once, not once for
each time it missed. A job that raises is noted on its row and never stops the others.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, Q

from core import clock

logger = logging.getLogger(__name__)

G = TypeVar("G", bound=Callable[[], object])

# A run that has not finished after this long belonged to a process that is gone.
LEASE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """One job of the schedule."""

    name: str
    every: dt.timedelta
    function: Callable[[], object]


_registry: dict[str, Periodic] = {}


def periodic(name: str, *, every: dt.timedelta) -> Callable[[G], G]:
    """Register a function without arguments to be run about once in ``every``."""
    if every <= dt.timedelta():
        raise ValueError("A periodic job needs a positive interval.")

    def register(function: G) -> G:
        known = _registry.get(name)
        origin = f"{function.__module__}.{function.__qualname__}"
        if known is not None:
            before = f"{known.function.__module__}.{known.function.__qualname__}"
            if before != origin:
                raise ValueError(f"The periodic job '{name}' is already {before}.")
        _registry[name] = Periodic(name, every, function)
        return function

    return register


def registered() -> tuple[Periodic, ...]:
    """Every periodic job, by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def run_due() -> list[str]:
    """Run every job whose time has come, each once among all schedulers; returns their names."""
    ran = []
    for entry in registered():
        try:
            if _take(entry):
                ran.append(entry.name)
                _run(entry)
        except Exception:
            # The row could not be taken or noted: the database is away. The next tick tries again.
            logger.exception("The schedule could not run a job.", extra={"job": entry.name})
    return ran


def _take(entry: Periodic) -> bool:
    from core.models import ScheduleRun

    instant = clock.now()
    due = Q(last_started_at__isnull=True) | Q(last_started_at__lte=instant - entry.every)
    free = (
        Q(last_started_at__isnull=True)
        | Q(last_finished_at__gte=F("last_started_at"))
        | Q(last_started_at__lte=instant - max(LEASE, entry.every))
    )
    rows = ScheduleRun.objects.filter(name=entry.name)
    taken = rows.filter(due & free).update(last_started_at=instant)
    if not taken and not rows.exists():
        ScheduleRun.objects.get_or_create(name=entry.name)
        taken = rows.filter(due & free).update(last_started_at=instant)
    return bool(taken)


def _run(entry: Periodic) -> None:
    from core.models import ScheduleRun

    error = ""
    with clock.fresh_scope():
        try:
            entry.function()
        except Exception as problem:
            logger.exception("A periodic job failed.", extra={"job": entry.name})
            error = f"{type(problem).__name__}: {problem}"[:1000]
    finished = clock.now()
    ScheduleRun.objects.filter(name=entry.name).update(
        last_finished_at=finished,
        last_error=error,
        failures=F("failures") + 1 if error else 0,
    )
