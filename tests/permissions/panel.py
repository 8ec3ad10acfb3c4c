"""Volunteers see and erase their own; who was invited answers; officers see numbers."""

from __future__ import annotations

from typing import Any

from crowdtasks.panel.models import Draw, Invitation, Plan, Volunteer
from tests.factories.panel import drawn, make_invited, plan, volunteer, volunteers
from tests.factories.products import builds_of, make_product
from tests.permissions.rows import Row, everyone, only, signed_in
from tests.permissions.world import World


def _joined(world: World, role: str, client: Any) -> None:
    if role not in {"anonymous", "suspended"}:
        volunteer(world.account(role))


def _of(world: World, role: str) -> bool:
    return (
        role != "anonymous" and Volunteer.objects.filter(person=world.account(role).person).exists()
    )


def _there(world: World, role: str, done: bool) -> None:
    assert _of(world, role) is done


def _gone(world: World, role: str, done: bool) -> None:
    assert not _of(world, role)


def _round(world: World, name: str) -> Any:
    """A round of EPD that invites, one of each name."""
    if name not in world.things:
        _page, product = make_product(bureau=world.epd)
        world.things[name] = make_invited(build=builds_of(product)[0])
    return world.things[name]


def _drawn(world: World, role: str) -> dict[str, Any]:
    """A round to which the citizen and four others are invited."""
    if "drawn round" not in world.things:
        volunteers(4)
        volunteer(world.account("citizen"))
        drawn(_round(world, "drawn round"), {"25-34": 5}, account=world.account("officer"))
    return {"public_id": world.things["drawn round"].engagement.public_id}


def _planned(world: World, role: str) -> dict[str, Any]:
    """A round with a plan and five volunteers to draw from."""
    if "planned round" not in world.things:
        volunteers(5, age="65-over")
        plan(_round(world, "planned round"), {"65-over": 5}, account=world.account("officer"))
    return {"public_id": world.things["planned round"].engagement.public_id}


def _by(world: World, role: str) -> dict[str, Any]:
    return {**_planned(world, role), "by": "age"}


def _file(world: World, role: str) -> dict[str, Any]:
    return {**_drawn(world, role), "form": "csv"}


def _mine(world: World) -> Invitation:
    return Invitation.objects.get(person=world.account("citizen").person)


def _accepted(world: World, role: str, done: bool) -> None:
    assert (_mine(world).state == "accepted") is done


def _declined(world: World, role: str, done: bool) -> None:
    assert (_mine(world).state == "declined") is done


def _changed(world: World, role: str, done: bool) -> None:
    row = Plan.objects.get(round=_round(world, "planned round"))
    assert (row.quota == {"65-over": 3}) is done


def _made(world: World, role: str, done: bool) -> None:
    assert Draw.objects.filter(plan=_round(world, "planned round").pk).exists() is done


def _opened(world: World, role: str, done: bool) -> None:
    row = Plan.objects.get(round=_round(world, "planned round"))
    assert (row.opened_at is not None) is done


OFFICE = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}
WRITES = {"*": 404, "officer": 302, "approver": 302, "anonymous": 401, "suspended": 401}
INVITED = only("citizen", others=404)
ANSWERS = only("citizen", status=302, others=404, nobody=401)

ROWS = [
    Row("panel:invitation", "GET", INVITED, kwargs=_drawn),
    Row("panel:accept", "POST", ANSWERS, kwargs=_drawn, check=_accepted),
    Row("panel:decline", "POST", ANSWERS, kwargs=_drawn, check=_declined),
    Row("panel:desk", "GET", OFFICE, kwargs=_planned),
    Row("panel:desk", "POST", WRITES, kwargs=_planned, check=_made),
    Row("panel:plan", "GET", OFFICE, kwargs=_by),
    Row(
        "panel:plan",
        "POST",
        WRITES,
        kwargs=_by,
        data=lambda world, role: {"65-over": "3", "total": "3", "answer_days": "5"},
        check=_changed,
    ),
    Row("panel:open", "POST", WRITES, kwargs=_planned, check=_opened),
    Row("panel:export", "GET", OFFICE, kwargs=_file),
    Row("panel:purpose", "GET", everyone()),
    Row("panel:own", "GET", signed_in()),
    Row(
        "panel:own",
        "POST",
        signed_in(302, nobody=401),
        data=lambda world, role: {"age": "65-over", "devices": ["tablet", "computer"]},
        check=_there,
    ),
    Row("panel:leave", "GET", signed_in()),
    Row("panel:leave", "POST", signed_in(302, nobody=401), prepare=_joined, check=_gone),
]
