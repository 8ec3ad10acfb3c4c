"""What opinion groups are made of in the database: live votes, and which statements they are on.

The numbers are in ``consultations.opinion``, which this file does not import.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, OuterRef, Q

from consultations.models import Statement
from participation.models import Engagement, Vote, VoteEvent

CHUNK = 5000
#: Fewer people's changes are not taken in while an engagement is open.
LEAST_CHANGED = 5
#: An engagement is grouped again at the earliest after this, and after this many times as long
#: as the last time took.
PAUSE = dt.timedelta(seconds=10)
TIMES = 20
#: Ids of events do not follow the order of commits exactly: this many are looked at once more.
OVERLAP = 1000
_SEEN = "opinion:seen"


def groups_tag(engagement: Engagement) -> str:
    """What kept pages that show the groups are tagged with, besides the engagement's own tag."""
    return f"groups.{engagement.public_id}"


@dataclass(frozen=True)
class Mark:
    """What a grouping was made of: when none of it has changed, neither has the grouping."""

    events: int
    last_event: int
    rejected: int


def mark_of(engagement: Engagement) -> Mark:
    """The mark of today's votes. Read it before the votes: what comes between is then seen next."""
    found = VoteEvent.objects.filter(
        ballot__engagement=engagement, ballot__kind="statement"
    ).aggregate(events=Count("pk"), last=Max("pk"))
    return Mark(found["events"], found["last"] or 0, len(rejected_of(engagement)))


def rejected_of(engagement: Engagement) -> list[int]:
    """Ballots of statements that are withheld (or held again): they place nobody."""
    rows = Statement.objects.filter(engagement=engagement).exclude(state="published")
    return sorted(rows.values_list("ballot_id", flat=True))


def votes_of(engagement: Engagement) -> Iterator[tuple[int, int, int]]:
    """(person, ballot, choice) of every live vote on a statement, one query."""
    votes = Vote.objects.filter(ballot__engagement=engagement, ballot__kind="statement")
    return votes.values_list("person_id", "ballot_id", "choice").iterator(chunk_size=CHUNK)


def people_changed(engagement: Engagement, since: int, *, most: int) -> int:
    """How many people have answered or changed an answer after the event ``since``, up to most."""
    events = VoteEvent.objects.filter(ballot__engagement=engagement, pk__gt=since)
    return len(events.order_by().values_list("person", flat=True).distinct()[:most])


def wanting_groups(now: dt.datetime) -> list[Engagement]:
    """Engagements whose grouping may be out of date: never made, closed since, or voted on since.

    Three small queries, one when nobody voted since the last look. Where the cache forgot how far
    it looked, every open engagement is named; the one who groups looks again.
    """
    newest = VoteEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    seen: int | None = cache.get(_SEEN)
    moved = Q(opinion_grouping=None) | Q(
        closes_at__lte=now, opinion_grouping__at__lt=F("closes_at")
    )
    if seen is None:
        moved |= Q(closes_at__gt=now)
    elif seen != newest:
        fresh = VoteEvent.objects.filter(pk__gt=max(0, seen - OVERLAP))
        moved |= Q(pk__in=fresh.order_by().values("ballot__engagement").distinct())
    statements = Statement.objects.filter(engagement=OuterRef("pk"))
    rows = list(
        Engagement.objects.public()
        .select_related("outcome", "opinion_grouping")
        .defer("opinion_grouping__data")
        .filter(moved, Exists(statements), opens_at__lte=now)
        .order_by("pk")
    )
    waiting = [row for row in rows if not _rested(row, now)]
    if not waiting:
        cache.set(_SEEN, newest, None)
    return [row for row in rows if _rested(row, now)]


def _rested(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether enough time has passed since the last grouping."""
    earlier = getattr(engagement, "opinion_grouping", None)
    if earlier is None:
        return True
    took = dt.timedelta(milliseconds=TIMES * earlier.milliseconds)
    return bool(earlier.at + max(PAUSE, took) <= now)
