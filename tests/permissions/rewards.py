"""Rewards: the catalogue, one's own redemptions, the counter, the stock."""

from __future__ import annotations

from typing import Any

from core import clock
from crowdtasks.rewards.models import Batch, Redemption, Reward, Showing, Unit
from crowdtasks.rewards.sealing import unseal
from tests.factories import rewards as make
from tests.permissions.api import NOBODY
from tests.permissions.cms import cms
from tests.permissions.rows import ROLES, Row, everyone, only, signed_in
from tests.permissions.world import World

INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
#: Whoever else may enter the CMS finds nothing; who may not is led to the door.
LISTS = cms(officer=404, officer2=404, approver=404, administrator=200)
#: Where the address names something, nothing is there for whoever is signed in.
STOCK = {**everyone(404), "anonymous": 302, "suspended": 302, "administrator": 200}
ADDED = {**LISTS, "administrator": 302}
PRESSED = {**STOCK, "administrator": 302}
ADMIN = frozenset({"administrator"})
MINE = {**everyone(404), "anonymous": 302, "suspended": 302, "citizen": 200}
#: A write is refused, not led to sign in.
SENT = {**everyone(404), "anonymous": 401, "suspended": 401, "citizen": 200}


def _reward(world: World, role: str) -> dict[str, Any]:
    if "reward" not in world.things:
        world.things["reward"] = make.make_reward(bureau=world.epd, points=10, stock=2)
    return {"public_id": world.things["reward"].public_id}


def _fill(world: World, role: str, client: Any) -> None:
    if role in INSIDE:
        make.give_points(world.account(role).person, 10)


def _pressed(world: World, role: str) -> dict[str, Any]:
    return {"key": f"key-of-this-very-press-{role}", "agreed": 10}


def _redeemed(world: World, role: str, done: bool) -> None:
    found = Redemption.objects.filter(reward=world.things["reward"])
    assert [row.person for row in found] == ([world.account(role).person] if done else [])


def _own(world: World, role: str) -> dict[str, Any]:
    """A voucher that the citizen redeemed."""
    if "own" not in world.things:
        _reward(world, role)
        citizen = world.account("citizen")
        make.give_points(citizen.person, 10)
        world.things["own"] = make.redeem(world.things["reward"], citizen)
    return {"public_id": world.things["own"].public_id}


def _fresh(world: World, role: str, client: Any) -> None:
    session = client.session
    session["signed_in_at"], session["signed_in_by"] = clock.now().timestamp(), "code"
    session.save()


def _shown(world: World, role: str, done: bool) -> None:
    assert Showing.objects.count() == int(done)


def _prize(world: World, role: str) -> dict[str, Any]:
    """A prize of EPD that the citizen reserved."""
    citizen = world.account("citizen")
    make.give_points(citizen.person, 100)
    row = make.redeem(make.make_prize(bureau=world.epd), citizen)
    world.things["prize"] = row
    world.things["slip"] = unseal(row.slip_sealed, row.slip_digest or "").reveal()
    return {"public_id": row.public_id}


def _slip(world: World, role: str) -> dict[str, Any]:
    return {"slip": world.things.get("slip", "00000000")}


def _collected(world: World, role: str, done: bool) -> None:
    world.things["prize"].refresh_from_db()
    assert (world.things["prize"].state == "collected") is done


def _nothing_collected(world: World, role: str, done: bool) -> None:
    assert not Redemption.objects.filter(state="collected").exists()


def _typed(world: World, role: str) -> dict[str, Any]:
    return {
        **{"kind": "voucher", "bureau": world.epd.pk, "points": 5, "first_day": "2026-01-01"},
        **{"name_en": "New by the table", "collect_days": 30, "low_at": 1},
    }


def _written(world: World, role: str, done: bool) -> None:
    assert Reward.objects.filter(name__en="New by the table").count() == int(done)


def _draft(world: World, role: str) -> dict[str, Any]:
    world.things["draft"] = make.make_reward(bureau=world.epd, offered=False, stock=1)
    return {"public_id": world.things["draft"].public_id}


def _offered(world: World, role: str, done: bool) -> None:
    world.things["draft"].refresh_from_db()
    assert (world.things["draft"].state == "offered") is done


def _withdrawn(world: World, role: str, done: bool) -> None:
    world.things["reward"].refresh_from_db()
    assert (world.things["reward"].state == "withdrawn") is done


def _shelf(world: World, role: str) -> dict[str, Any]:
    world.things["shelf"] = make.make_prize(bureau=world.epd, stock=1)
    return {"public_id": world.things["shelf"].public_id}


def _filled(world: World, role: str, done: bool) -> None:
    assert Unit.objects.filter(reward=world.things["shelf"]).count() == (4 if done else 1)


def _no_codes(world: World, role: str, done: bool) -> None:
    assert Unit.objects.filter(reward=world.things["reward"]).count() == 2


def _batch(world: World, role: str) -> dict[str, Any]:
    _reward(world, role)
    world.things["batch"] = Batch.objects.get(reward=world.things["reward"])
    return {"public_id": world.things["batch"].public_id}


def _taken_out(world: World, role: str, done: bool) -> None:
    left = Unit.objects.free().filter(reward=world.things["reward"]).count()
    assert left == (0 if done else 2)


def _reason(world: World, role: str) -> dict[str, Any]:
    return {"reason": "It did not work."}


def _returned(world: World, role: str, done: bool) -> None:
    world.things["own"].refresh_from_db()
    assert world.things["own"].points_back is done


def _number(world: World, role: str) -> dict[str, Any]:
    if "own" not in world.things:
        _own(world, role)
    return {"number": world.things["own"].public_id}


def _nothing_returned(world: World, role: str, done: bool) -> None:
    assert not Redemption.objects.filter(state="refunded").exists()


CITIZENS = [
    Row("rewards:catalogue", "GET", everyone()),
    Row("rewards:for_me", "GET", signed_in()),
    Row("rewards:reward", "GET", everyone(), kwargs=_reward),
    Row("rewards:redeem", "GET", signed_in(), kwargs=_reward),
    Row(
        "rewards:redeem",
        "POST",
        signed_in(302, nobody=401),
        kwargs=_reward,
        prepare=_fill,
        data=_pressed,
        check=_redeemed,
    ),
    Row("rewards:mine", "GET", signed_in()),
    Row("rewards:redemption", "GET", MINE, kwargs=_own),
    Row("rewards:code", "GET", MINE, kwargs=_own, prepare=_fresh),
    Row("rewards:code", "POST", SENT, kwargs=_own, prepare=_fresh, check=_shown),
]
_OFFICERS = ("officer", "officer2")
COUNTER = [
    Row("rewards:counter", "GET", only(*_OFFICERS)),
    Row(
        "rewards:counter",
        "POST",
        {**only(*_OFFICERS, status=422, nobody=401)},
        data=_slip,
        check=_nothing_collected,
    ),
    Row("rewards:prize", "GET", only("officer", others=404), kwargs=_prize),
    Row(
        "rewards:prize",
        "POST",
        only("officer", status=302, others=404, nobody=401),
        kwargs=_prize,
        data=_slip,
        check=_collected,
        done=frozenset({"officer"}),
    ),
]
ADMINISTRATORS = [
    Row("rewards_stock:rewards", "GET", LISTS),
    Row("rewards_stock:new", "GET", LISTS),
    Row(
        "rewards_stock:new",
        "POST",
        ADDED,
        data=_typed,
        check=_written,
        done=ADMIN,
    ),
    Row("rewards_stock:reward", "GET", STOCK, kwargs=_draft),
    Row("rewards_stock:edit", "GET", STOCK, kwargs=_draft),
    Row(
        "rewards_stock:edit",
        "POST",
        PRESSED,
        kwargs=_draft,
        data=_typed,
        check=_written,
        done=ADMIN,
    ),
    Row("rewards_stock:offer", "POST", PRESSED, kwargs=_draft, check=_offered, done=ADMIN),
    Row("rewards_stock:withdraw", "POST", PRESSED, kwargs=_reward, check=_withdrawn, done=ADMIN),
    Row("rewards_stock:codes", "GET", STOCK, kwargs=_reward),
    # A file is tried with the stock's own tests: here none is sent, and none comes in.
    Row(
        "rewards_stock:codes",
        "POST",
        {**STOCK, "administrator": 422},
        kwargs=_reward,
        check=_no_codes,
        done=frozenset(),
    ),
    Row("rewards_stock:units", "GET", STOCK, kwargs=_shelf),
    Row(
        "rewards_stock:units",
        "POST",
        PRESSED,
        kwargs=_shelf,
        data=lambda world, role: {"number": 3},
        check=_filled,
        done=ADMIN,
    ),
    Row("rewards_stock:batch", "POST", PRESSED, kwargs=_batch, check=_taken_out, done=ADMIN),
    Row("rewards_stock:find", "GET", LISTS),
    Row(
        "rewards_stock:find",
        "POST",
        ADDED,
        data=_number,
        check=_nothing_returned,
        done=frozenset(),
    ),
    Row("rewards_stock:redemption", "GET", STOCK, kwargs=_own),
    Row(
        "rewards_stock:redemption",
        "POST",
        PRESSED,
        kwargs=_own,
        data=_reason,
        check=_returned,
        done=ADMIN,
    ),
]
API = [
    Row("api:rewards", "GET", everyone()),
    Row("api:reward", "GET", everyone(), kwargs=_reward),
    Row("api:redemptions", "GET", {**everyone(), **NOBODY}),
    Row("api:redemption", "GET", {**everyone(404), **NOBODY, "citizen": 200}, kwargs=_own),
]
ROWS = [*CITIZENS, *COUNTER, *ADMINISTRATORS, *API]
