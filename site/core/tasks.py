"""Work the ground does by the clock."""

from __future__ import annotations

import datetime as dt

from core import audit, jobs
from core.schedule import periodic


@periodic("core.link_entries", every=dt.timedelta(seconds=10))
def link_entries() -> None:
    """Chain the audit entries written since; the votes did not wait for it."""
    audit.link_entries()


@periodic("core.reclaim_jobs", every=dt.timedelta(minutes=5))
def reclaim_jobs() -> None:
    """Give jobs whose worker was killed back to the queue."""
    jobs.reclaim()
