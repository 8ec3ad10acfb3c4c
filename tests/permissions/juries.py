"""Juries: the juror's desk, the chair's page. Whoever has no seat finds nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ideas.actions.judging import declare_interests
from ideas.actions.jury_result import close_jury
from ideas.actions.result import draw_result
from ideas.models import ContestResult, Idea, Juror, JuryResult, Mark, ResultPlace
from participation.models import Engagement
from tests.factories.juries import make_judged, make_juror, score
from tests.factories.results import announce, end_call, give
from tests.permissions.rows import Row, everyone, only
from tests.permissions.world import World


def _contest(world: World) -> Engagement:
    """A contest of EPD whose jury scores now: the juror has a seat, the officer is the chair."""
    if "judged" not in world.things:
        engagement, ideas = make_judged("One", bureau=world.epd)
        world.things["judged idea"] = ideas[0]
        juror, _account = make_juror(engagement, world.account("juror"), world.account("officer"))
        world.things["seat"] = juror
        end_call(engagement)
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


def _drawn(world: World, role: str, client: Any) -> None:
    _closed(world, role, client)
    draw_result(engagement=_contest(world), by=world.account("officer"))


def _announced(world: World, role: str, client: Any) -> None:
    _drawn(world, role, client)
    officer = world.account("officer")
    give(_contest(world), world.things["judged idea"], "awarded", officer)
    announce(_contest(world), officer=officer, approver=world.account("approver"))


def _made(world: World, role: str, done: bool) -> None:
    assert JuryResult.objects.exists() is done


def _drawn_up(world: World, role: str, done: bool) -> None:
    assert ContestResult.objects.exists() is done


def _given(world: World, role: str, done: bool) -> None:
    assert ResultPlace.objects.filter(distinction="awarded").exists() is done


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
LEADS = only("officer", status=302, others=404, nobody=401)
COMMON = [_id]
_ROWS = [
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
        "ideas:result-desk",
        "GET",
        only("officer", "approver", others=404),
        kwargs=_id,
        prepare=_closed,
    ),
    Row(
        "ideas:result-desk",
        "POST",
        {**LEADS, "approver": 403},
        kwargs=_id,
        prepare=_closed,
        check=_drawn_up,
    ),
    Row("ideas:result-place", "GET", only("officer", others=404), kwargs=_idea, prepare=_drawn),
    Row(
        "ideas:result-place",
        "POST",
        LEADS,
        kwargs=_idea,
        prepare=_drawn,
        data=lambda world, role: {"distinction": "awarded", "reason_en": "Because."},
        check=_given,
    ),
    Row("ideas:result", "GET", everyone(200), kwargs=_id, prepare=_announced),
    *(
        Row(f"api:{name}", "GET", everyone(status), kwargs=_id, prepare=prepare, label=label)
        for name in ("contest-result", "contest-places")
        for status, prepare, label in ((200, _announced, ""), (404, _drawn, "not public"))
    ),
]
# How far the contest is asks nothing of who looks at it.
ROWS = [replace(row, once=True) for row in _ROWS]
