"""Votes brought in as they were cast elsewhere, beside the action for single ones (decision 10)."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from core.exceptions import Conflict, Invalid
from participation.actions.people_import import batches, record_rows
from participation.models import Ballot, Engagement, Vote, VoteEvent

#: (ballot's primary key, person's primary key, choice, instant)
SourceVote = tuple[int, int, int, dt.datetime]


@transaction.atomic
def import_votes(*, engagement: Engagement, votes: Iterable[SourceVote], level: int = 0) -> int:
    """Write votes of a finished conversation in time order; returns how many events were written.

    The checks of a single vote, set-wise: each ballot is the engagement's, each choice is one,
    each instant lies in a phase that allows voting and none runs backwards. The heads are the
    last votes of each ballot and person. Events keep the source's times; every batch of 1,000
    leaves one audit entry. Raises Invalid at the first bad vote and Conflict when the engagement
    has votes already; either undoes everything.
    """
    if Vote.objects.filter(ballot__engagement=engagement).exists():
        raise Conflict("This engagement has votes already.", code="has_votes")
    heads: dict[tuple[int, int], tuple[int, dt.datetime]] = {}
    checked = _checked(engagement, votes)
    written = 0
    for batch in batches(checked):
        events = [
            VoteEvent(
                ballot_id=ballot,
                person_id=person,
                choice=choice,
                level=level,
                at=at,
                channel="import",
            )
            for ballot, person, choice, at in batch
        ]
        written += _write(engagement, "vote.import", events)
        heads.update(((ballot, person), (choice, at)) for ballot, person, choice, at in batch)
    rows = (
        Vote(ballot_id=ballot, person_id=person, choice=choice, level=level, cast_at=at)
        for (ballot, person), (choice, at) in heads.items()
    )
    for some in batches(rows):
        Vote.objects.bulk_create(some)
    return written


def _checked(engagement: Engagement, votes: Iterable[SourceVote]) -> Iterator[SourceVote]:
    ballots = set(Ballot.objects.filter(engagement=engagement).values_list("pk", flat=True))
    windows = [
        (phase.opens_at, phase.closes_at)
        for phase in engagement.phases.all()
        if "vote" in phase.verbs
    ]
    before: dt.datetime | None = None
    for vote in votes:
        ballot, _person, choice, at = vote
        if ballot not in ballots:
            raise Invalid("A vote is on a ballot of another engagement.", code="ballot")
        if isinstance(choice, bool) or choice not in (-1, 0, 1):
            raise Invalid("A vote has no choice that is known.", field="choice", code="choice")
        if not any(opens <= at < closes for opens, closes in windows):
            raise Invalid("A vote was cast outside the phases.", code="phase")
        if before is not None and at < before:
            raise Invalid("The votes are not in time order.", code="order")
        before = at
        yield vote


def _write(engagement: Engagement, verb: str, rows: list[VoteEvent]) -> int:
    record_rows(verb, VoteEvent.objects.bulk_create(rows), engagement)
    return len(rows)
