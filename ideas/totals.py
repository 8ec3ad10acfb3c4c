"""Who may see how a vote stands, and what there is to see. Sealed means for everybody (PR4).

Every page, list, file and feed that shows a count of a vote asks ``shown`` first. While they are
sealed for everybody none is even computed: ``IdeaTotal`` has no rows then.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from ideas.ballots import has_begun, has_ended, on_ballot, vote_of
from ideas.models import ContestVote, IdeaCost, IdeaTotal, VoteResult
from ideas.voting import Standing
from participation.models import Choice, Engagement, ResultsFrom, VoteChoice
from participation.policies import can_see_results


def counted_live(vote: ContestVote, now: dt.datetime) -> bool:
    """Whether totals are told to anybody while the vote is open, and it is open."""
    engagement = vote.ballot.engagement
    running = has_begun(engagement, now) and not has_ended(engagement, now)
    return running and engagement.results_from == ResultsFrom.LIVE


def shown(vote: ContestVote, now: dt.datetime, *, voted: bool = False) -> bool:
    """Whether totals may be told: live, to who has voted, or once there is a result that is open.

    ``voted``: the reader's own vote stands; public pages never say so.
    """
    engagement = vote.ballot.engagement
    if engagement.state != "published" or not has_begun(engagement, now):
        return False
    if not has_ended(engagement, now):
        return counted_live(vote, now) and (voted or not vote.after_own)
    return hasattr(vote, "result") and can_see_results(engagement=engagement, now=now).allowed


def told_to_all(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether everybody may see the totals of a contest now; not where there is no vote."""
    vote = vote_of(engagement) if has_begun(engagement, now) else None
    return vote is not None and shown(vote, now)


def counted(vote: ContestVote) -> dict[str, dict[int, int]]:
    """How many gave each value to each idea on the ballot now; one query over the choices."""
    ideas = dict(on_ballot(vote).order_by().values_list("pk", "contribution__public_id"))
    found: dict[str, dict[int, int]] = {public_id: {} for public_id in ideas.values()}
    rows = (
        VoteChoice.objects.filter(vote__ballot=vote.ballot_id, vote__choice=Choice.AGREE)
        .order_by()
        .values_list("entry_id", "value")
        .annotate(number=Count("pk"))
    )
    for entry_id, value, number in rows:
        if entry_id in ideas:
            found[ideas[entry_id]][value] = number
    return found


def costs_of(vote: ContestVote) -> dict[str, int]:
    """What the contest's ideas cost, public now or not: a result stands when one is hidden."""
    rows = IdeaCost.objects.filter(idea__engagement=vote.pk)
    return dict(rows.values_list("idea__contribution__public_id", "amount"))


def standings(vote: ContestVote) -> list[Standing]:
    """The ideas in order: of the result where there is one, else as counted last.

    Trap: ask ``shown`` first.
    """
    result: VoteResult | None = getattr(vote, "result", None)
    if result is not None:
        saved = result.totals
    else:
        rows = IdeaTotal.objects.filter(idea__in=on_ballot(vote).values("pk"))
        saved = dict(rows.values_list("idea__contribution__public_id", "counts"))
    totals = {
        public_id: {int(value): number for value, number in counts.items()}
        for public_id, counts in saved.items()
    }
    return vote.way.order(totals, costs_of(vote), vote.rules)
