"""The API's tasks by session: the same rules as the pages."""

from __future__ import annotations

from typing import Any

from crowdtasks.models import Claim
from participation.models import Contribution
from tests.factories.crowdtasks import ANSWERS, make_campaign
from tests.permissions.api import INSIDE, NOBODY, _json
from tests.permissions.rows import Row, everyone, signed_in
from tests.permissions.world import World


def _task(world: World, role: str) -> dict[str, Any]:
    if "api task" not in world.things:
        world.things["api task"] = make_campaign(bureau=world.epd, places=40)[1]
    return {"public_id": world.things["api task"].engagement.public_id}


def _taken(world: World, role: str, done: bool) -> None:
    people = set(Claim.objects.values_list("person", flat=True))
    assert people == ({world.account(role).person_id} if done else set())


def _answered(world: World, role: str, done: bool) -> None:
    authors = set(Contribution.objects.values_list("person", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())


ROWS = [
    Row("api:tasks", "GET", everyone()),
    Row("api:task", "GET", everyone(), kwargs=_task),
    Row("api:task-questions", "GET", everyone(), kwargs=_task),
    Row("api:task-claims", "GET", signed_in(nobody=401)),
    Row(
        "api:task-place",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_task,
        extra=_json({}),
        check=_taken,
        done=INSIDE,
    ),
    Row(
        "api:task-responses",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_task,
        extra=_json({"answers": ANSWERS["survey"]}),
        check=_answered,
        done=INSIDE,
    ),
]
