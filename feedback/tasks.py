"""Work done by the clock and in the background: making reports, sending them, reminding."""

import datetime as dt

from core.jobs import job
from core.schedule import periodic
from feedback.actions import delivery, holidays, snapshots
from feedback.models import Making, MakingState


def _making(pk: int) -> Making | None:
    return (
        Making.objects.select_related("engagement__owner", "snapshot", "asked_by")
        .filter(pk=pk)
        .exclude(state=MakingState.DONE)
        .first()
    )


@job("feedback.make_report")
def make_report(pk: int) -> None:
    """Freeze a report and make its files. A second run goes on where the first ended."""
    making = _making(pk)
    if making is not None:
        snapshots.make_report(making=making)


@job("feedback.close_report")
def close_report(pk: int) -> None:
    """The report at the close: freeze, make the files in three languages, deliver.

    A second run delivers what the first froze; nobody is told twice.
    """
    making = _making(pk)
    if making is not None:
        snapshot = snapshots.make_report(making=making)
    else:
        done = Making.objects.select_related("snapshot__engagement").filter(pk=pk).first()
        if done is None or done.snapshot is None:
            return
        snapshot = done.snapshot
    delivery.deliver(snapshot=snapshot)


@periodic("feedback.begin_closed", every=dt.timedelta(minutes=1))
def begin_closed_reports() -> None:
    """Begin the report of whatever has closed."""
    delivery.begin_closed()


@periodic("feedback.retry_failed", every=dt.timedelta(hours=1))
def retry_failed_reports() -> None:
    """Nobody has to ask for a report at the close again by hand."""
    delivery.retry_failed()


@periodic("feedback.chase", every=dt.timedelta(hours=1))
def chase_deliveries() -> None:
    """Tell the head of the list of reports nobody acknowledged in five working days."""
    delivery.chase()


@periodic("feedback.look_at_holidays", every=dt.timedelta(days=1))
def look_at_holidays() -> None:
    """Tell the administrators of a year whose general holidays are not known."""
    holidays.tell_of_missing_holidays()
