"""Contests in their public vote, and votes cast through the real action."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import Account, Person
from core import clock
from ideas.access import access_vote
from ideas.actions.votes import set_costs
from ideas.models import ContestPage, ContestVote, Idea
from participation.actions.choices import cast_choices
from participation.models import Engagement, Phase, Receipt
from tests.factories.consultations import today
from tests.factories.desk import make_officer
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import make_citizen

#: Days from today on which ``make_voting`` has its vote: travel there to vote. The vote opens when
#: the call has ended, so there is no screening, and every public idea is on the ballot.
OPENS, CLOSES = 41, 60


def make_voting(
    kind: str = "approval", *, ideas: int = 3, costs: int = 100, **fields: Any
) -> tuple[ContestPage, ContestVote, list[Idea]]:
    """A published contest, its vote right after the call, and its public ideas with their costs."""
    page, engagement = make_contest(
        vote_opens_on=today() + dt.timedelta(days=OPENS),
        vote_closes_on=today() + dt.timedelta(days=CLOSES),
        response_due=today() + dt.timedelta(days=CLOSES + 40),
        vote_kind=kind,
        **{"vote_budget": 250, **fields},
    )
    found = [make_public_idea(engagement, f"Idea {number}") for number in range(1, ideas + 1)]
    vote = access_vote(engagement.public_id)
    if vote.way.needs_cost and costs:
        set_costs(
            engagement=engagement,
            costs={key(idea): costs for idea in found},
            by=make_officer(engagement.owner),
        )
    return page, vote, found


def key(idea: Idea) -> str:
    """The id of an idea in addresses and votes."""
    return idea.contribution.public_id


def in_the_vote() -> Any:
    """A context in which the vote of ``make_voting`` is open."""
    return clock.travel(dt.timedelta(days=OPENS + 2))


def after_the_vote() -> Any:
    """A context in which it has closed."""
    return clock.travel(dt.timedelta(days=CLOSES + 2))


def fresh(vote: ContestVote) -> ContestVote:
    """The vote as a request of its own loads it."""
    return access_vote(Engagement.objects.get(pk=vote.pk).public_id)


def cast(
    vote: ContestVote,
    choices: Mapping[str, object] | list[Idea],
    *,
    by: Account | Person | None = None,
) -> Receipt:
    """Cast a vote as a request does; a list of ideas gives one to each."""
    if isinstance(choices, list):
        choices = dict.fromkeys((key(idea) for idea in choices), 1)
    voter = by or make_citizen()
    person = voter.person if isinstance(voter, Account) else voter
    return cast_choices(ballot=fresh(vote).ballot, person=person, choices=choices)


def open_now(vote: ContestVote) -> None:
    """Move the phases so that the vote is open today, past the actions."""
    now = clock.now()
    hour = dt.timedelta(hours=1)
    phases = Phase.objects.filter(engagement=vote.pk)
    phases.filter(key="call").update(closes_at=now - 2 * hour)
    phases.filter(key="screening").update(opens_at=now - 2 * hour, closes_at=now - hour)
    phases.filter(key="vote").update(opens_at=now - hour)


def close_now(vote: ContestVote) -> None:
    """Move the phases so that the vote closed an hour ago, past the actions."""
    open_now(vote)
    hour = dt.timedelta(hours=1)
    moved = {"opens_at": clock.now() - 2 * hour, "closes_at": clock.now() - hour}
    Phase.objects.filter(engagement=vote.pk, key="vote").update(**moved)
    Engagement.objects.filter(pk=vote.pk).update(closes_at=moved["closes_at"])
