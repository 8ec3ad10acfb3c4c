"""What opinion groups are made of in the database: live votes, and which statements they are on.

The numbers are in ``consultations.opinion``, which this file does not import.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max

from consultations.models import Statement
from participation.models import Engagement, Vote, VoteEvent

CHUNK = 5000


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
