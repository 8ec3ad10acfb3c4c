"""Volunteers see and erase their own; who was invited answers; officers see numbers."""

from __future__ import annotations

from typing import Any

from core import clock
from crowdtasks.panel.actions.sessions import add_observation
from crowdtasks.panel.models import Booking, Draw, Invitation, Observation, Plan, Session, Volunteer
from tests.factories.panel import (
    accept,
    booked,
    drawn,
    make_invited,
    make_session,
    plan,
    volunteer,
    volunteers,
)
from tests.factories.products import builds_of, make_product
from tests.permissions.api import INSIDE, NOBODY, _json
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


def _session(world: World, role: str) -> dict[str, Any]:
    """A session of the citizen's round, and the citizen's booking of it."""
    if "session" not in world.things:
        public_id = _drawn(world, role)["public_id"]
        draw = Draw.objects.get(plan__round__engagement__public_id=public_id)
        accept(_mine(world))
        world.things["session"] = make_session(draw)
        world.things["booking"] = booked(world.things["session"], _mine(world))
    return {**_drawn(world, role), "session_id": world.things["session"].public_id}


def _round_of_session(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _session(world, role)["public_id"]}


def _at_door(world: World, role: str) -> dict[str, Any]:
    """The citizen's booking of a session that has begun."""
    found = {**_session(world, role), "booking_id": world.things["booking"].public_id}
    Session.objects.filter(pk=world.things["session"].pk).update(starts_at=clock.now())
    return found


def _booking(world: World) -> Booking:
    return Booking.objects.get(pk=world.things["booking"].pk)


def _cancelled(world: World, role: str, done: bool) -> None:
    assert (_booking(world).state == "cancelled") is done


def _unbooked(world: World, role: str, client: Any) -> None:
    Booking.objects.filter(pk=world.things["booking"].pk).delete()


def _booked(world: World, role: str, done: bool) -> None:
    assert Booking.objects.filter(session=world.things["session"]).exists() is done


def _came(world: World, role: str, done: bool) -> None:
    assert (_booking(world).state == "came") is done


def _offered(world: World, role: str, done: bool) -> None:
    assert (Session.objects.count() == 2) is done


def _seen(world: World, role: str, done: bool) -> None:
    assert Observation.objects.exists() is done


def _note(world: World, role: str) -> dict[str, Any]:
    if "note" not in world.things:
        _session(world, role)
        world.things["note"] = add_observation(
            session=world.things["session"],
            text="Nobody found it.",
            language="en",
            account=world.account("officer"),
        )
    return {**_session(world, role), "observation_id": world.things["note"].public_id}


def _found(world: World, role: str, done: bool) -> None:
    row = Observation.objects.get(pk=world.things["note"].pk)
    assert (row.finding is not None) is done


def _off(world: World, role: str, done: bool) -> None:
    row = Session.objects.get(pk=world.things["session"].pk)
    assert (row.cancelled_at is not None) is done


def _offer(world: World, role: str) -> dict[str, Any]:
    return {
        "kind": "focus",
        "day_year": "2199",
        "day_month": "1",
        "day_day": "2",
        "time": "19:30",
        "minutes": "60",
        "places": "4",
        "where": "Library",
    }


OFFICE = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}
WRITES = {"*": 404, "officer": 302, "approver": 302, "anonymous": 401, "suspended": 401}
INVITED = only("citizen", others=404)
ANSWERS = only("citizen", status=302, others=404, nobody=401)
ANSWERED = only("citizen", status=200, others=404, nobody=401)

COMMON = [_drawn, _planned]
ROWS = [
    Row("api:own-invitations", "GET", {"*": 200, **NOBODY}),
    Row("api:accept-invitation", "POST", ANSWERED, kwargs=_drawn, check=_accepted),
    Row("api:decline-invitation", "POST", ANSWERED, kwargs=_drawn, check=_declined),
    Row("api:own-volunteer", "GET", {"*": 200, **NOBODY}, prepare=_joined),
    Row(
        "api:own-volunteer",
        "PUT",
        {"*": 200, **NOBODY},
        extra=_json({"age": "25-34", "devices": ["android"]}),
        check=_there,
        done=INSIDE,
    ),
    Row(
        "api:own-volunteer",
        "DELETE",
        {"*": 200, **NOBODY},
        prepare=_joined,
        check=_gone,
        done=INSIDE,
    ),
    Row("panel:invitation", "GET", INVITED, kwargs=_drawn),
    Row("panel:accept", "POST", ANSWERS, kwargs=_drawn, check=_accepted),
    Row("panel:decline", "POST", ANSWERS, kwargs=_drawn, check=_declined),
    Row("panel:sessions", "GET", INVITED, kwargs=_round_of_session),
    Row("panel:calendar", "GET", INVITED, kwargs=_session),
    Row("panel:book", "POST", ANSWERS, kwargs=_session, prepare=_unbooked, check=_booked),
    Row("panel:cancel", "POST", ANSWERS, kwargs=_session, check=_cancelled),
    Row("panel:session_list", "GET", OFFICE, kwargs=_round_of_session),
    Row(
        "panel:session_list",
        "POST",
        WRITES,
        kwargs=_round_of_session,
        data=_offer,
        check=_offered,
    ),
    Row("panel:session", "GET", OFFICE, kwargs=_session),
    Row(
        "panel:session",
        "POST",
        WRITES,
        kwargs=_session,
        data=lambda world, role: {"text": "Nobody found it."},
        check=_seen,
    ),
    Row(
        "panel:finding",
        "POST",
        WRITES,
        kwargs=_note,
        data=lambda world, role: {"severity": "small"},
        check=_found,
    ),
    Row("panel:off", "POST", WRITES, kwargs=_session, check=_off),
    Row(
        "panel:attendance",
        "POST",
        WRITES,
        kwargs=_at_door,
        data=lambda world, role: {"came": "yes"},
        check=_came,
    ),
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
