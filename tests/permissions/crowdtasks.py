"""Polls and surveys: the page, answering, results, the bureau's desk."""

from __future__ import annotations

from typing import Any

from participation.models import Contribution
from tests.factories.crowdtasks import make_campaign
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
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
]
