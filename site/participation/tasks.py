"""Jobs of participation: telling many people, forgetting what was not sent."""

import datetime as dt

from core import clock, jobs
from core.schedule import periodic
from participation.actions import attachment_sweeps
from participation.actions.follows import sweep_follows
from participation.actions.pending import sweep_acts
from participation.actions.reminding import remind_all
from participation.actions.telling import find_event, tell_batch

_NEXT = {"follows": "contributors", "contributors": None}


@jobs.job("participation.tell_readers")
def tell_readers(kind: str, pk: int, source: str = "follows", after: int = 0) -> None:
    """Tell one batch of readers of an event, then ask for the next batch.

    ``kind``: opened (pk of the engagement), outcome and heard (of the outcome), extended, late,
    changed, rules and corrected (of the public notice). Safe to run twice: notices are unique by
    event and reader.
    """
    event = find_event(kind, pk)
    if event is None:
        return
    opens_at = event.engagement.opens_at
    if kind == "opened" and opens_at is not None and clock.now() < opens_at:
        # The opening was put off since: ask again then.
        jobs.enqueue("participation.tell_readers", kind, pk, run_after=opens_at)
        return
    last = tell_batch(event=event, source=source, after=after)
    if last is not None:
        jobs.enqueue("participation.tell_readers", kind, pk, source, last)
        return
    following = _NEXT[source]
    if following and event.contributors:
        jobs.enqueue("participation.tell_readers", kind, pk, following, 0)


@periodic("participation.sweep_acts", every=dt.timedelta(hours=1))
def forget_held_acts() -> None:
    """Delete what was typed and never submitted."""
    while sweep_acts() == 1000:
        continue


@periodic("participation.sweep_follows", every=dt.timedelta(days=1))
def forget_addresses_of_follows() -> None:
    """Delete addresses that never confirmed, stopped, or have nothing more to be told."""
    while sweep_follows() == 500:
        continue


@jobs.job("participation.scan_file")
def scan_file(pk: int) -> None:
    """Ask the virus scanner about a file."""
    attachment_sweeps.scan_file(pk)


@periodic("participation.scan_waiting", every=dt.timedelta(hours=1))
def scan_waiting() -> None:
    """Ask again about files whose scan was never answered."""
    attachment_sweeps.scan_waiting()


@periodic("participation.sweep_files", every=dt.timedelta(hours=1))
def forget_files() -> None:
    """Delete files of forms never sent, of withdrawn entries, and quarantined ones."""
    while attachment_sweeps.sweep_files() == 200:
        continue


@periodic("participation.sweep_orphans", every=dt.timedelta(days=1))
def forget_orphans() -> None:
    """Delete bytes on the disk that no row names."""
    attachment_sweeps.sweep_orphans()


@periodic("participation.remind_of_answers", every=dt.timedelta(hours=1))
def remind_of_answers() -> None:
    """Tell officers and their heads of answers that are owed."""
    remind_all()
