"""Jobs of contests: counting, the tally at the close, telling of a step, old invitations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core import clock, jobs
from core.schedule import periodic
from ideas.actions.coauthors import sweep_invitations
from ideas.actions.tally import SETTLE, count_live, tally_vote
from ideas.actions.telling import tell_status as tell
from ideas.ballots import vote_of
from ideas.models import ContestVote, StatusChange
from participation.models import Engagement, Phase

#: Whom a step is told next.
_NEXT = {"concerned": "follows", "follows": ""}


@periodic("ideas.count_votes", every=dt.timedelta(minutes=1))
def count_votes() -> None:
    """Totals of the votes that are open now, where they are told; sealed ones are left alone."""
    now = clock.now()
    running = Phase.objects.filter(opens_at__lte=now, closes_at__gt=now)
    for vote in _votes_in(running):
        count_live(vote=vote)


@periodic("ideas.tally", every=dt.timedelta(minutes=1))
def tally_what_closed() -> None:
    """The result of each vote that has closed and has none yet."""
    ended = Phase.objects.filter(closes_at__lte=clock.now() - SETTLE)
    for vote in _votes_in(ended, result=None):
        tally_vote(vote=vote)


def _votes_in(phases: QuerySet[Phase], **also: Any) -> list[ContestVote]:
    """The votes whose phase is among these, each with its ballot and engagement."""
    rows = phases.filter(
        key="vote", engagement__state="published", engagement__contest__vote__isnull=False
    )
    engagements = Engagement.objects.filter(
        pk__in=rows.values("engagement"), **{f"contest__vote__{k}": v for k, v in also.items()}
    ).prefetch_related("phases")
    return [vote for row in engagements if (vote := vote_of(row)) is not None]


@periodic("ideas.coauthor_invitations", every=dt.timedelta(hours=6))
def end_invitations() -> None:
    """Invitations to co-authors that nobody accepted in time end, and their addresses go."""
    sweep_invitations()


@jobs.job("ideas.tell_status")
def tell_status(pk: int, source: str = "concerned", after: int = 0) -> None:
    """Tell one batch of a step, then ask for the next. Safe to run twice."""
    row = (
        StatusChange.objects.select_related("idea__contribution", "idea__engagement__owner")
        .filter(pk=pk, idea__is_public=True, idea__engagement__state="published")
        .first()
    )
    if row is None:
        return
    last = tell(row=row, source=source, after=after)
    if last is not None:
        jobs.enqueue("ideas.tell_status", pk, source, last)
    elif _NEXT[source]:
        jobs.enqueue("ideas.tell_status", pk, _NEXT[source], 0)
