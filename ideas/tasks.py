"""Jobs of contests: counting, the tally at the close, telling of a step, reminding, sweeping."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core import clock, jobs
from core.schedule import periodic
from ideas.actions.coauthors import sweep_invitations
from ideas.actions.reminding import remind_of_boxes
from ideas.actions.tally import SETTLE, count_live, tally_vote
from ideas.actions.telling import News, news_of_reply, news_of_step, tell_news
from ideas.ballots import vote_of
from ideas.models import ContestVote, OfficialReply, StatusChange
from participation.models import Engagement, Outcome, Phase
from participation.outcome_parts import tell_everybody

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


@periodic("ideas.remind_of_boxes", every=dt.timedelta(hours=1))
def remind_of_monthly_answers() -> None:
    """Tell officers and their heads of the month's answer that a standing box owes."""
    remind_of_boxes()


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
    _tell_on("ideas.tell_status", news_of_step(row), pk, source, after)


@jobs.job("ideas.tell_reply")
def tell_reply(pk: int, source: str = "concerned", after: int = 0) -> None:
    """Tell one batch of the bureau's reply, then ask for the next. Safe to run twice."""
    row = (
        OfficialReply.objects.select_related(
            "bureau", "idea__contribution", "idea__engagement__owner"
        )
        .filter(pk=pk, idea__is_public=True, idea__engagement__state="published")
        .first()
    )
    if row is not None:
        _tell_on("ideas.tell_reply", news_of_reply(row), pk, source, after)


def _tell_on(job: str, news: News, pk: int, source: str, after: int) -> None:
    last = tell_news(news=news, source=source, after=after)
    if last is not None:
        jobs.enqueue(job, pk, source, last)
    elif _NEXT[source]:
        jobs.enqueue(job, pk, _NEXT[source], 0)


@jobs.job("ideas.tell_result")
def tell_result(pk: int, step: int = 0, after: int = 0) -> None:
    """Tell one batch of those whom a published result concerns, step by step; then everybody.

    ``pk`` is the outcome's; ``step`` the status change whose people are told now, 0 for the first.
    Steps are in the order they were taken, awarded ideas first. Safe to run twice.
    """
    outcome = Outcome.objects.select_related("engagement").get(pk=pk)
    row = (
        StatusChange.objects.select_related("idea__contribution", "idea__engagement__owner")
        .filter(
            pk__gte=step,
            result=outcome.engagement_id,
            idea__is_public=True,
            idea__engagement__state="published",
        )
        .order_by("pk")
        .first()
    )
    if row is None:
        tell_everybody(outcome)
        return
    last = tell_news(
        news=news_of_step(row), source="concerned", after=after if row.pk == step else 0
    )
    if last is not None:
        jobs.enqueue("ideas.tell_result", pk, row.pk, last)
    else:
        jobs.enqueue("ideas.tell_result", pk, row.pk + 1, 0)
