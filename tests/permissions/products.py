"""Products and rounds: what everybody reads, and trying a build without an account."""

from __future__ import annotations

from typing import Any

from crowdtasks.products.models import Attempt, Award, AwardAppeal, AwardReview, StepResult
from tests.factories.crowdtasks import decline
from tests.factories.products import (
    builds_of,
    code_for,
    fields_of,
    hand_in,
    make_product,
    make_rewarded,
    make_round,
)
from tests.permissions.api import NOBODY, _json
from tests.permissions.crowdtasks import INSIDE, OFFICE, OWN
from tests.permissions.rows import Row, everyone, signed_in
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


def _product_id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _round(world).build.product.engagement.public_id}


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


def _rewarded(world: World) -> Any:
    if "rewarded" not in world.things:
        _page, product = make_product(bureau=world.epd)
        _page, row = make_rewarded(build=builds_of(product)[0])
        world.things["rewarded"] = row
        world.things["claim code"] = code_for(hand_in(row))
    return world.things["rewarded"]


def _rewarded_id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _rewarded(world).engagement.public_id}


def _code_given(world: World, role: str) -> dict[str, Any]:
    """Nothing in the address; the code is there for all turns."""
    _rewarded(world)
    return {}


def _code_typed(world: World, role: str) -> dict[str, Any]:
    return {"code": world.things["claim code"]}


def _claimed(world: World, role: str, done: bool) -> None:
    assert Award.objects.filter(state="accepted").exists() is done


def _looked_at(world: World, role: str) -> dict[str, Any]:
    """A try of the citizen's that came too fast, so that its reward waits for an officer."""
    if "hasty" not in world.things:
        _page, product = make_product(bureau=world.epd)
        _page, row = make_rewarded(build=builds_of(product)[0])
        hand_in(row, world.account("citizen"), minutes=0)
        world.things["hasty"] = row
    row = world.things["hasty"]
    return {"public_id": row.engagement.public_id, "award_id": row.awards.get().public_id}


def _marked(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _looked_at(world, role)["public_id"]}


def _declined(world: World, role: str) -> dict[str, Any]:
    """The same, not counted by the approver."""
    found = _marked(world, role)
    decline(world.things["hasty"].awards.get(), world.account("approver"))
    return found


def _was_decided(world: World, role: str, done: bool) -> None:
    assert AwardReview.objects.exists() is done


def _was_asked(world: World, role: str, done: bool) -> None:
    assert AwardAppeal.objects.exists() is done


COMMON = [_id]
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
    Row("products:feed", "GET", everyone()),
    Row("products:calendar", "GET", everyone(), kwargs=_id),
    Row(
        "api:claims",
        "POST",
        {"*": 422, **NOBODY},
        # No code of anybody's: who may not enter one hears that first.
        extra=_json({"code": "AAAA-AAAA-AAAA-AAAA"}),
        check=_claimed,
        done=frozenset(),
    ),
    Row("api:products", "GET", everyone()),
    Row("api:product", "GET", everyone(), kwargs=_product_id),
    Row("api:round", "GET", everyone(), kwargs=_id),
    Row("api:round-figures", "GET", everyone(), kwargs=_id),
    Row("products:claim", "GET", signed_in(), kwargs=_rewarded_id),
    Row(
        "products:claim",
        "POST",
        signed_in(302),
        kwargs=_rewarded_id,
        data=_code_typed,
        check=_claimed,
        done=INSIDE,
    ),
    Row("products:claim_code", "GET", signed_in(), kwargs=_code_given),
    Row(
        "products:claim_code",
        "POST",
        signed_in(302),
        kwargs=_code_given,
        data=_code_typed,
        check=_claimed,
        done=INSIDE,
    ),
    Row("products:desk", "GET", OFFICE, kwargs=_id),
    Row(
        "products:export",
        "GET",
        OFFICE,
        kwargs=lambda world, role: {**_id(world, role), "form": "csv"},
    ),
    Row("products:review", "GET", OFFICE, kwargs=_marked),
    Row("products:decide", "GET", OFFICE, kwargs=_looked_at),
    Row(
        "products:decide",
        "POST",
        {**OFFICE, "officer": 302, "approver": 302},
        kwargs=_looked_at,
        data=lambda world, role: {"verdict": "accept", "known": "review"},
        check=_was_decided,
        done=frozenset({"officer", "approver"}),
    ),
    Row("products:reward", "GET", OWN, kwargs=_marked),
    Row("products:appeal", "GET", OWN, kwargs=_declined),
    Row(
        "products:appeal",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_declined,
        data=lambda world, role: {"text": "I read every question."},
        check=_was_asked,
        done=frozenset({"citizen"}),
    ),
    Row("products:figures", "GET", everyone(200), kwargs=_id),
    Row("products:poster", "GET", everyone(200), kwargs=_id),
    Row("products:code", "GET", everyone(200), kwargs=_code),
]
