"""Work done by the clock, and later."""

import datetime as dt

from django.core.cache import cache

from consultations.actions.approval import open_hidden
from consultations.actions.files import JOB as READ_FILE
from consultations.actions.files import ask_again, read_files
from consultations.actions.opinion import keep_grouping
from consultations.opinions import wanting_groups
from consultations.statements import is_sealed
from core import clock, jobs
from core.schedule import periodic
from participation.models import Engagement

#: A job that was asked for is not asked for again before this.
_ASKED_SECONDS = 60


@periodic("consultations.open_hidden", every=dt.timedelta(minutes=1))
def open_hidden_papers() -> None:
    """Open papers that were approved and kept hidden until their opening. Safe to run twice."""
    open_hidden()


@periodic("consultations.watch_votes", every=dt.timedelta(seconds=5))
def watch_votes() -> None:
    """Ask for groups where votes have moved. The vote itself asks for nothing, so costs nothing."""
    now = clock.now()
    for engagement in wanting_groups(now):
        if is_sealed(engagement, now):
            continue
        if cache.add(_asked(engagement.pk), 1, timeout=_ASKED_SECONDS):
            jobs.enqueue("consultations.group_opinions", engagement.pk)


@jobs.job(READ_FILE)
def read_file_of(pk: int) -> None:
    """Read the text of what a block of a paper offers, for search. Safe to run twice."""
    read_files(file=pk)


@periodic("consultations.read_files", every=dt.timedelta(days=1))
def read_files_again() -> None:
    """Have files read that are others than those that were read. Safe to run twice."""
    ask_again()


@jobs.job("consultations.group_opinions")
def group_opinions(pk: int) -> None:
    """Keep one engagement's opinion groups. Safe to run twice: unchanged votes write nothing."""
    cache.delete(_asked(pk))
    engagement = Engagement.objects.public().select_related("outcome").filter(pk=pk).first()
    if engagement is not None:
        keep_grouping(engagement=engagement)


def _asked(pk: int) -> str:
    return f"opinion:asked:{pk}"
