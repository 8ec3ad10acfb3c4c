"""Work the ground does by the clock."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from core import audit, clock, jobs
from core.schedule import periodic

KEEP_DONE = dt.timedelta(days=7)
KEEP_FAILED = dt.timedelta(days=30)


@periodic("core.link_entries", every=dt.timedelta(seconds=10))
def link_entries() -> None:
    """Chain the audit entries written since; the votes did not wait for it."""
    audit.link_entries()


@periodic("core.reclaim_jobs", every=dt.timedelta(minutes=5))
def reclaim_jobs() -> None:
    """Give jobs whose worker was killed back to the queue."""
    jobs.reclaim()


@periodic("core.publish_scheduled", every=dt.timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publish the pages whose approved hour has come, and take down those that have expired."""
    call_command("publish_scheduled", stdout=io.StringIO())


@periodic("core.tidy", every=dt.timedelta(days=1))
def tidy() -> None:
    """Forget sessions that have ended and jobs long done; a failed job is kept for a month."""
    call_command("clearsessions", stdout=io.StringIO())
    instant = clock.now()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=instant - KEEP_DONE)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=instant - KEEP_FAILED)
    done.delete()
    failed.delete()
