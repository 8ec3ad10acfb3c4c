"""Jobs: mails of notices, and those that got stuck."""

import datetime as dt

from core import jobs
from core.jobs import job
from core.schedule import periodic
from notifications import delivery
from notifications.actions import JOB_CHUNK, sweep_addresses


@job("notifications.send_mail")
def send_mail(*notice_ids: int) -> None:
    """Mail these notices, each for itself: one bad address holds nobody else up."""
    for notice_id in notice_ids:
        delivery.deliver(notice_id)


@periodic("notifications.resend_stuck", every=dt.timedelta(minutes=10))
def resend_stuck() -> int:
    """Ask again for mails whose job was lost; returns how many. Safe to run twice or late."""
    waiting = delivery.stuck()
    for start in range(0, len(waiting), JOB_CHUNK):
        jobs.enqueue("notifications.send_mail", *waiting[start : start + JOB_CHUNK])
    return len(waiting)


@periodic("notifications.sweep_addresses", every=dt.timedelta(days=1))
def forget_addresses() -> None:
    """Delete what was told to addresses without an account a month ago."""
    while sweep_addresses() == 500:
        continue
