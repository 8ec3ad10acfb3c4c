"""Keeping the opinion groups of a consultation as its votes change."""

from __future__ import annotations

import datetime as dt
import time

from django.db import transaction

from consultations.models import OpinionGrouping
from consultations.opinions import (
    LEAST_CHANGED,
    Mark,
    groups_tag,
    mark_of,
    people_changed,
    rejected_of,
    votes_of,
)
from consultations.statements import counts_of, is_sealed
from core import clock
from core.page_cache import purge
from participation.models import Engagement


def keep_grouping(*, engagement: Engagement) -> bool:
    """Group the engagement's voters again if its votes have changed; whether a row was written.

    Nothing is computed or stored while results are sealed, and what there is from before goes.
    While the engagement is open fewer than five people's changes are not taken in: whoever
    compares two groupings could tell what one person answered. Votes are read and grouped
    outside any transaction; the write is one row. Of two runs at once the one that saw more
    events stands, so a second run does no harm. Derived figures alone: the trail has the votes.
    """
    now = clock.now()
    earlier = OpinionGrouping.objects.filter(engagement=engagement).first()
    if is_sealed(engagement, now):
        if earlier is not None:
            earlier.delete()
            purge(groups_tag(engagement))
        return False
    return _keep(engagement, earlier, now)


def open_grouping(engagement: Engagement) -> None:
    """Group in the transaction in which the outcome opens the results: it tells of the groups.

    Where this has been done the job finds nothing to do. Seconds at most (bench), once.
    """
    earlier = OpinionGrouping.objects.filter(engagement=engagement).first()
    _keep(engagement, earlier, clock.now())


def _keep(engagement: Engagement, earlier: OpinionGrouping | None, now: dt.datetime) -> bool:
    mark = mark_of(engagement)
    if earlier is not None and not _worth_it(engagement, earlier, mark):
        return False
    made = _made(engagement, mark)
    made.at = now
    with transaction.atomic():
        standing = OpinionGrouping.objects.select_for_update().filter(engagement=engagement).first()
        if standing is not None and standing.events > mark.events:
            return False
        made.save(force_insert=standing is None)
        purge(groups_tag(engagement))
    return True


def _worth_it(engagement: Engagement, earlier: OpinionGrouping, mark: Mark) -> bool:
    """Whether the votes differ enough from those of the earlier grouping."""
    closes_at = engagement.closes_at
    over = closes_at is not None and closes_at <= clock.now()
    if over and closes_at is not None and earlier.at < closes_at:
        return True
    if Mark(earlier.events, earlier.last_event, earlier.rejected) == mark:
        return False
    if over or earlier.rejected != mark.rejected or not earlier.data["groups"]:
        return True
    return people_changed(engagement, earlier.last_event, most=LEAST_CHANGED) >= LEAST_CHANGED


def grouping_now(engagement: Engagement, *, at: dt.datetime) -> OpinionGrouping:
    """The grouping of today's votes, kept nowhere: for a reader who cannot wait for the job."""
    made = _made(engagement, mark_of(engagement))
    made.at = at
    return made


def _made(engagement: Engagement, mark: Mark) -> OpinionGrouping:
    # The numbers are heavy to load: only who groups loads them.
    from consultations.opinion.grouping import find_groups
    from consultations.opinion.publishing import published

    began = time.monotonic()
    found = find_groups(votes_of(engagement), set_aside=rejected_of(engagement))
    statements = engagement.statements.filter(state="published")
    counts = counts_of(engagement)
    return OpinionGrouping(
        engagement=engagement,
        events=mark.events,
        last_event=mark.last_event,
        rejected=mark.rejected,
        people=found.people,
        placed=found.placed,
        milliseconds=int(1000 * (time.monotonic() - began)),
        data=published(
            found,
            ids=dict(statements.values_list("ballot_id", "public_id")),
            voters={ballot: each.voters for ballot, each in counts.items()},
        ),
    )
