"""Juries: the juror's desk, the chair's page. Whoever has no seat finds nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core import clock
from ideas.actions.judging import declare_interests
from ideas.actions.jury_result import approve_result, close_jury, save_reasons
from ideas.models import Idea, Juror, JuryPlace, JuryResult, Mark
from participation.models import Engagement
from tests.factories.juries import make_judged, make_juror, score
from tests.permissions.rows import Row, everyone, only
from tests.permissions.world import World


def _contest(world: World) -> Engagement:
    """A contest of EPD whose jury scores now: the juror has a seat, the officer is the chair."""
    if "judged" not in world.things:
        engagement, ideas = make_judged("One", bureau=world.epd)
        world.things["judged idea"] = ideas[0]
        juror, _account = make_juror(engagement, world.account("juror"), world.account("officer"))
        world.things["seat"] = juror
        engagement.phases.filter(key="jury").update(opens_at=clock.now() - dt.timedelta(hours=1))
        world.things["judged"] = engagement
    found: Engagement = world.things["judged"]
    return found


def _declared(world: World, role: str, client: Any) -> None:
    _contest(world)
    declare_interests(juror=world.things["seat"], ideas=[], by=world.account("juror"))


def _scored(world: World, role: str, client: Any) -> None:
    _contest(world)
    idea: Idea = world.things["judged idea"]
    score(world.things["seat"], world.account("juror"), {idea: (5, 5)}, submit=False)


def _seated(world: World, role: str, client: Any) -> None:
    _contest(world)


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _contest(world).public_id}


def _idea(world: World, role: str) -> dict[str, Any]:
    contest = _contest(world)
    return {
        "public_id": contest.public_id,
        "idea_id": world.things["judged idea"].contribution.public_id,
    }


def _seat(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "juror_id": world.things["seat"].public_id}


def _closable(world: World, role: str, client: Any) -> None:
    _contest(world)
    idea: Idea = world.things["judged idea"]
    score(world.things["seat"], world.account("juror"), {idea: (5, 5)})


def _closed(world: World, role: str, client: Any) -> None:
    _closable(world, role, client)
    close_jury(engagement=_contest(world), by=world.account("officer"))


def _written(world: World, role: str, client: Any) -> None:
    _closed(world, role, client)
    save_reasons(
        engagement=_contest(world),
        reasons={world.things["judged idea"].contribution.public_id: "Why."},
        language="en",
        by=world.account("officer"),
        send=True,
    )


def _published(world: World, role: str, client: Any) -> None:
    _written(world, role, client)
    approve_result(engagement=_contest(world), by=world.account("approver"))


def _reason(world: World, role: str) -> dict[str, Any]:
    return {f"reason_{world.things['judged idea'].contribution.public_id}": "Because."}


def _made(world: World, role: str, done: bool) -> None:
    assert JuryResult.objects.exists() is done


def _kept(world: World, role: str, done: bool) -> None:
    assert JuryPlace.objects.filter(reason="Because.").exists() is done


def _out(world: World, role: str, done: bool) -> None:
    assert JuryResult.objects.filter(published_at__isnull=False).exists() is done


def _returned(world: World, role: str, done: bool) -> None:
    assert JuryResult.objects.filter(note="More.").exists() is done


def _said(world: World, role: str, done: bool) -> None:
    assert Juror.objects.filter(declared_at__isnull=False).exists() is done


def _marked(world: World, role: str, done: bool) -> None:
    assert Mark.objects.filter(value=7).exists() is done


def _sent(world: World, role: str, done: bool) -> None:
    assert Juror.objects.filter(submitted_at__isnull=False).exists() is done


def _asked(world: World, role: str, done: bool) -> None:
    assert Juror.objects.filter(invitation__email="new@table.example").exists() is done


def _ended(world: World, role: str, done: bool) -> None:
    assert Juror.objects.filter(ended_at__isnull=False).exists() is done


READS = only("juror", others=404)
WRITES = only("juror", status=302, others=404, nobody=401)
DECIDES = {**only("approver", status=302, others=404, nobody=401), "officer": 403}
LEADS = only("officer", status=302, others=404, nobody=401)
ROWS = [
    Row("ideas:juries", "GET", READS, prepare=_seated),
    Row("ideas:jury", "GET", READS, kwargs=_id),
    Row("ideas:interests", "GET", READS, kwargs=_id),
    Row(
        "ideas:interests",
        "POST",
        WRITES,
        kwargs=_id,
        data=lambda world, role: {"sure": "on"},
        check=_said,
    ),
    Row("ideas:judge", "GET", READS, kwargs=_idea, prepare=_declared),
    Row(
        "ideas:judge",
        "POST",
        WRITES,
        kwargs=_idea,
        prepare=_declared,
        data=lambda world, role: {"mark_k1": "7", "mark_k2": "7"},
        check=_marked,
    ),
    Row("ideas:jury-submit", "GET", READS, kwargs=_id, prepare=_scored),
    Row("ideas:jury-submit", "POST", WRITES, kwargs=_id, prepare=_scored, check=_sent),
    Row("ideas:jury-chair", "GET", only("officer", others=404), kwargs=_id),
    Row(
        "ideas:jury-chair",
        "POST",
        LEADS,
        kwargs=_id,
        data=lambda world, role: {"email": "new@table.example"},
        check=_asked,
    ),
    Row("ideas:juror-end", "POST", LEADS, kwargs=_seat, check=_ended),
    Row("ideas:jury-close", "POST", LEADS, kwargs=_id, prepare=_closable, check=_made),
    Row(
        "ideas:jury-reasons",
        "GET",
        only("officer", "approver", others=404),
        kwargs=_id,
        prepare=_closed,
    ),
    Row(
        "ideas:jury-reasons",
        "POST",
        {**LEADS, "approver": 403},
        kwargs=_id,
        prepare=_closed,
        data=_reason,
        check=_kept,
    ),
    Row("ideas:jury-approve", "POST", DECIDES, kwargs=_id, prepare=_written, check=_out),
    Row(
        "ideas:jury-send-back",
        "GET",
        only("officer", "approver", others=404),
        kwargs=_id,
        prepare=_written,
    ),
    Row(
        "ideas:jury-send-back",
        "POST",
        DECIDES,
        kwargs=_id,
        prepare=_written,
        data=lambda world, role: {"note": "More."},
        check=_returned,
    ),
    Row("ideas:jury-result", "GET", everyone(200), kwargs=_id, prepare=_published),
]
