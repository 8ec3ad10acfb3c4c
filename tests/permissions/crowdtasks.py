"""Polls and surveys: the page, answering, results, the bureau's desk."""

from __future__ import annotations

from typing import Any

from crowdtasks.models import Appeal, Review
from participation.models import Contribution
from tests.factories.crowdtasks import answer, decline, make_campaign
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
OFFICE = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}


def _poll(world: World) -> Any:
    if "poll" not in world.things:
        world.things["poll page"], world.things["poll"] = make_campaign(
            kind="poll", bureau=world.epd
        )
    return world.things["poll"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _poll(world).engagement.public_id}


def _page(world: World, role: str) -> dict[str, Any]:
    _poll(world)
    return {"bureau": world.epd.slug, "slug": world.things["poll page"].slug}


def _chosen(world: World, role: str) -> dict[str, Any]:
    anchor = _poll(world).engagement.questionnaires.get().questions.get().anchor
    return {f"q-{anchor}": "yes", "seen": f"q-{anchor}"}


def _answered(world: World, role: str, done: bool) -> None:
    authors = set(Contribution.objects.values_list("person", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())


def _looked_at(world: World, role: str) -> dict[str, Any]:
    """A response of the citizen's that waits for an officer."""
    if "reviewed" not in world.things:
        campaign = make_campaign(bureau=world.epd, review_rule="all")[1]
        answer(campaign, world.account("citizen"))
        world.things["reviewed"] = campaign
    campaign = world.things["reviewed"]
    return {
        "public_id": campaign.engagement.public_id,
        "claim_id": campaign.claims.get().public_id,
    }


def _marked(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _looked_at(world, role)["public_id"]}


def _declined(world: World, role: str) -> dict[str, Any]:
    """The same, declined by the approver."""
    found = _marked(world, role)
    decline(world.things["reviewed"].claims.get(), world.account("approver"))
    return found


def _was_decided(world: World, role: str, done: bool) -> None:
    assert Review.objects.exists() is done


def _was_asked(world: World, role: str, done: bool) -> None:
    assert Appeal.objects.exists() is done


COMMON = [_id]
ROWS = [
    Row("crowdtasks:campaign", "GET", everyone(200), kwargs=_page),
    Row("crowdtasks:poll", "GET", everyone(200), kwargs=_id),
    Row(
        "crowdtasks:poll",
        "POST",
        everyone(302),
        kwargs=_id,
        data=_chosen,
        check=_answered,
        done=INSIDE,
    ),
    Row("crowdtasks:poll_results", "GET", everyone(200), kwargs=_id),
    Row("crowdtasks:desk", "GET", OFFICE, kwargs=_id),
    Row(
        "crowdtasks:export",
        "GET",
        OFFICE,
        kwargs=lambda world, role: {**_id(world, role), "form": "csv"},
    ),
    Row("crowdtasks:review", "GET", OFFICE, kwargs=_marked),
    Row("crowdtasks:decide", "GET", OFFICE, kwargs=_looked_at),
    Row(
        "crowdtasks:decide",
        "POST",
        {**OFFICE, "officer": 302, "approver": 302},
        kwargs=_looked_at,
        data=lambda world, role: {"verdict": "accept", "known": "review"},
        check=_was_decided,
        done=frozenset({"officer", "approver"}),
    ),
    Row("crowdtasks:appeal", "GET", OWN, kwargs=_declined),
    Row(
        "crowdtasks:appeal",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_declined,
        data=lambda world, role: {"text": "I read every question."},
        check=_was_asked,
        done=frozenset({"citizen"}),
    ),
]
