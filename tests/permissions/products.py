"""Products and rounds: what everybody reads, and trying a build without an account."""

from __future__ import annotations

from typing import Any

from crowdtasks.products.models import Attempt, StepResult
from tests.factories.products import builds_of, fields_of, make_product, make_round
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World


def _round(world: World) -> Any:
    if "round" not in world.things:
        _page, product = make_product(bureau=world.epd)
        page, world.things["round"] = make_round(build=builds_of(product)[0])
        world.things["round page"] = page
    return world.things["round"]


def _page(world: World, role: str) -> dict[str, Any]:
    _round(world)
    return {"bureau": world.epd.slug, "slug": world.things["round page"].slug}


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _round(world).engagement.public_id}


def _first(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "number": 1}


def _code(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "what": "round"}


def _begun(world: World, role: str, client: Any) -> None:
    client.post(f"/en/e/{_round(world).engagement.public_id}/try/")


def _step_told(world: World, role: str, client: Any) -> None:
    _begun(world, role, client)
    for number in (1, 2):
        path = f"/en/e/{_round(world).engagement.public_id}/try/{number}/"
        client.post(path, {"went": "done"})


def _begins(world: World, role: str, done: bool) -> None:
    assert Attempt.objects.exists() is done


def _told(world: World, role: str, done: bool) -> None:
    assert StepResult.objects.filter(went="failed").exists() is done


def _sent(world: World, role: str, done: bool) -> None:
    assert Attempt.objects.counted().exists() is done


def _answers(world: World, role: str) -> dict[str, Any]:
    name = fields_of(_round(world))["again"]
    return {"seen": [name], name: "yes"}


ROWS = [
    Row("products:product", "GET", everyone(200), kwargs=_page),
    Row("products:try", "GET", everyone(200), kwargs=_id),
    Row("products:try", "POST", everyone(302), kwargs=_id, check=_begins),
    Row("products:try_step", "GET", everyone(200), kwargs=_first, prepare=_begun),
    Row(
        "products:try_step",
        "POST",
        everyone(302),
        kwargs=_first,
        prepare=_begun,
        data=lambda world, role: {"went": "failed"},
        check=_told,
    ),
    Row("products:try_questions", "GET", everyone(200), kwargs=_id, prepare=_begun),
    Row(
        "products:try_questions",
        "POST",
        everyone(302),
        kwargs=_id,
        prepare=_step_told,
        data=_answers,
        check=_sent,
    ),
    Row("products:figures", "GET", everyone(200), kwargs=_id),
    Row("products:poster", "GET", everyone(200), kwargs=_id),
    Row("products:code", "GET", everyone(200), kwargs=_code),
]
