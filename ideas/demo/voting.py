"""The votes of the demonstration: cast one by one through the action, counted by the jobs."""

from __future__ import annotations

from typing import Any

from core import clock
from ideas.access import access_vote
from ideas.actions.screening import screen_idea
from ideas.actions.tally import SETTLE, count_live, tally_vote
from ideas.actions.votes import set_costs
from ideas.models import ContestVote
from ideas.policies import SCREENING
from participation.actions.choices import cast_choices
from participation.demo import Scene
from participation.models import Engagement

from .data import ContestData, VoteData

#: Of how many voters a leaning speaks.
OF = 10


def vote_fields(vote: VoteData | None, scene: Scene) -> dict[str, Any]:
    """What the contest's page says of its vote."""
    if vote is None:
        return {}
    return {
        "vote_opens_on": scene.days.date(vote.opens),
        "vote_closes_on": scene.days.date(vote.closes),
        "vote_kind": vote.kind,
        "vote_most": vote.most,
        "vote_budget": vote.budget,
        "results_from": vote.results,
    }


def let_vote(data: ContestData, vote: VoteData, engagement: Engagement, scene: Scene) -> None:
    """Set the costs, then let people vote since the opening; count what has closed."""
    ids = list(
        engagement.ideas.filter(is_public=True)
        .order_by("received_at")
        .values_list("contribution__public_id", flat=True)
    )
    if vote.opens <= 0:
        _accept(data, vote, engagement, scene)
    if vote.costs:
        with scene.on(scene.days.at(vote.opens - 1)):
            set_costs(
                engagement=engagement,
                costs=dict(zip(ids, vote.costs, strict=True)),
                by=scene.crowd.officer_of(data.bureau),
            )
    voters = scene.voters(data.slug, vote.voters, engagement)
    last = min(vote.closes, -1)
    for number, voter in enumerate(voters):
        day = vote.opens + number * max(last - vote.opens, 0) // max(len(voters), 1)
        with scene.on(scene.days.at(day, 9 + number % 12, number % 60)):
            found = access_vote(engagement.public_id)
            choices = _choices(found, ids, vote, number)
            if choices:
                cast_choices(ballot=found.ballot, person=voter, choices=choices)
    if vote.opens > 0:
        return
    if vote.closes < -1:
        with scene.on(scene.days.at(vote.closes + 2) + SETTLE):
            tally_vote(vote=access_vote(engagement.public_id))
    else:
        with clock.scope():
            count_live(vote=access_vote(engagement.public_id))


def _accept(data: ContestData, vote: VoteData, engagement: Engagement, scene: Scene) -> None:
    """Where the contest screens, its bureau has accepted every idea the day before the vote."""
    if not engagement.phases.filter(key=SCREENING).exists():
        return
    by = scene.crowd.officer_of(data.bureau)
    with scene.on(scene.days.at(vote.opens - 1)):
        for idea in engagement.ideas.filter(is_public=True).order_by("received_at", "pk"):
            screen_idea(idea=idea, verdict="accepted", by=by, language="en", version=idea.number)


def _choices(found: ContestVote, ids: list[str], vote: VoteData, number: int) -> dict[str, int]:
    """What one voter gives, by the leanings; the same at every loading."""
    given: dict[str, int] = {}
    spent = 0
    for place, (public_id, liked) in enumerate(zip(ids, vote.leaning, strict=True)):
        drawn = (number * 7 + place * 3) % OF
        cost = vote.costs[place] if vote.costs else 0
        if drawn >= liked or (vote.budget and spent + cost > vote.budget):
            continue
        spent += cost
        most = len(found.way.values)
        given[public_id] = max(1, most - drawn // 2) if most > 1 else 1
    return given
