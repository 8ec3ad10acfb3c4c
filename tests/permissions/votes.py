"""The public vote: choosing, handing in, withdrawing, what ideas cost."""

from __future__ import annotations

from typing import Any

from ideas.actions.votes import KIND
from ideas.models import IdeaCost
from ideas.tasks import tally_what_closed
from participation.actions.pending import hold_act
from participation.models import PendingAct, Vote, VoteChoice
from tests.factories.votes import cast, close_now, key, make_voting, open_now
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
OFFICERS = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}


def _voting(world: World) -> tuple[Any, Any]:
    if "voting" not in world.things:
        _page, vote, ideas = make_voting(bureau=world.epd)
        open_now(vote)
        world.things["voting"] = (vote, ideas)
    found: tuple[Any, Any] = world.things["voting"]
    return found


def _id(world: World, role: str) -> dict[str, Any]:
    vote, _ideas = _voting(world)
    return {"public_id": vote.ballot.engagement.public_id}


def _idea(world: World, role: str) -> dict[str, Any]:
    _vote, ideas = _voting(world)
    return {"idea": [key(ideas[0])]}


def _held(world: World, role: str, done: bool) -> None:
    assert PendingAct.objects.filter(kind=KIND).exists()
    assert not Vote.objects.exists()


def _chosen(world: World, role: str, client: Any) -> None:
    vote, ideas = _voting(world)
    contest = vote.ballot.engagement
    act = hold_act(
        engagement=contest,
        kind=KIND,
        payload={"choices": {key(ideas[0]): 1}},
        language="en",
        source="address:192.0.2.1",
    )
    session = client.session
    session["held_acts"] = {f"{KIND}:{contest.public_id}": act.token}
    session.save()


def _cast(world: World, role: str, done: bool) -> None:
    voters = set(Vote.objects.values_list("person", flat=True))
    assert voters == ({world.account(role).person_id} if done else set())


def _citizens(world: World, role: str, client: Any) -> None:
    vote, ideas = _voting(world)
    cast(vote, ideas[:1], by=world.account("citizen"))


def _withdrawn(world: World, role: str, done: bool) -> None:
    assert VoteChoice.objects.exists() is not done


def _costs(world: World, role: str) -> dict[str, Any]:
    if "costs" not in world.things:
        _page, vote, ideas = make_voting("budget", costs=0, bureau=world.epd)
        world.things["costs"] = (vote, ideas)
    return {"public_id": world.things["costs"][0].ballot.engagement.public_id}


def _amount(world: World, role: str) -> dict[str, Any]:
    return {f"cost-{key(world.things['costs'][1][0])}": "100"}


def _priced(world: World, role: str, done: bool) -> None:
    assert IdeaCost.objects.exists() is done


def _closed(world: World, role: str) -> dict[str, Any]:
    if "counted" not in world.things:
        _page, vote, _ideas = make_voting(bureau=world.epd)
        close_now(vote)
        tally_what_closed()
        world.things["counted"] = vote
    return {"public_id": world.things["counted"].ballot.engagement.public_id}


OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
COMMON = [_id]
ROWS = [
    Row("ideas:my_vote", "GET", everyone(200), kwargs=_id),
    Row(
        "ideas:my_vote",
        "POST",
        everyone(302),
        kwargs=_id,
        data=_idea,
        check=_held,
        done=frozenset(),
    ),
    Row("ideas:vote_check", "GET", everyone(404), kwargs=_id, label="nothing chosen"),
    Row("ideas:vote_check", "GET", everyone(200), kwargs=_id, prepare=_chosen),
    Row(
        "ideas:vote_check",
        "POST",
        everyone(302),
        kwargs=_id,
        prepare=_chosen,
        check=_cast,
        done=INSIDE,
    ),
    Row("ideas:vote_withdraw", "GET", OWN, kwargs=_id, prepare=_citizens),
    Row(
        "ideas:vote_withdraw",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_id,
        prepare=_citizens,
        check=_withdrawn,
        done=frozenset({"citizen"}),
    ),
    Row("ideas:totals", "GET", everyone(200), kwargs=_id),
    Row("ideas:tally", "GET", everyone(404), kwargs=_id, label="not closed"),
    Row("ideas:tally", "GET", everyone(200), kwargs=_closed),
    Row("ideas:verifier", "GET", everyone(200)),
    Row("ideas:costs", "GET", OFFICERS, kwargs=_costs),
    Row(
        "ideas:costs",
        "POST",
        {**OFFICERS, "officer": 302, "approver": 302},
        kwargs=_costs,
        data=_amount,
        check=_priced,
        done=frozenset({"officer", "approver"}),
    ),
]
