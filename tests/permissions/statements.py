"""Statements: answering, own choices, results, own statements."""

from __future__ import annotations

from typing import Any

from consultations.actions.opinion import keep_grouping
from consultations.models import OpinionGrouping, Statement
from participation.actions.pending import hold_act
from participation.models import Engagement, PendingAct, Vote
from tests.factories.engagements import make_engagement
from tests.factories.opinions import make_camps
from tests.factories.statements import make_statement
from tests.permissions.rows import ROLES, Row, everyone, only, signed_in
from tests.permissions.world import World

#: A suspended account is nobody: it goes through cards as a visitor.
INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
WORDS = "Trams should run all night."


def _engagement(world: World) -> Engagement:
    if "engagement" not in world.things:
        world.things["engagement"] = make_engagement(bureau=world.epd)
        world.things["statement"] = make_statement(world.things["engagement"])
    return world.things["engagement"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _engagement(world).public_id}


def _grouped(world: World, role: str) -> dict[str, Any]:
    """With groups; where a table test asks twice, they are made once."""
    engagement = _engagement(world)
    if not OpinionGrouping.objects.filter(engagement=engagement).exists():
        make_camps(engagement)
        keep_grouping(engagement=engagement)
    return {"public_id": engagement.public_id}


def _choice(world: World, role: str) -> dict[str, Any]:
    return {"statement": world.things["statement"].public_id, "choice": "agree"}


def _counted(world: World, role: str, done: bool) -> None:
    voters = set(Vote.objects.values_list("person", flat=True))
    assert voters == ({world.account(role).person_id} if done else set())


def _holds(world: World, role: str, client: Any) -> None:
    session = client.session
    engagement, statement = _engagement(world), world.things["statement"]
    session["held_votes"] = {engagement.public_id: {statement.ballot.public_id: 1}}
    session.save()


def _proposed(world: World, role: str, done: bool) -> None:
    authors = set(Statement.objects.exclude(author=None).values_list("author", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())
    assert PendingAct.objects.exists() is not done


def _typed(world: World, role: str, client: Any) -> None:
    engagement = _engagement(world)
    act = hold_act(
        engagement=engagement,
        kind="statement",
        payload={"text": WORDS},
        language="en",
        source="address:192.0.2.1",
    )
    session = client.session
    session["held_acts"] = {f"statement:{engagement.public_id}": act.token}
    session.save()


def _submitted(world: World, role: str, done: bool) -> None:
    authors = set(Statement.objects.exclude(author=None).values_list("author", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())


ROWS = [
    Row("consultations:statements", "GET", everyone(200), kwargs=_id),
    Row(
        "consultations:statements",
        "POST",
        everyone(302),
        kwargs=_id,
        data=_choice,
        check=_counted,
        done=INSIDE,
    ),
    Row("consultations:statement_card", "GET", everyone(200), kwargs=_id),
    Row("consultations:own_choices", "GET", everyone(200), kwargs=_id),
    Row(
        "consultations:count_choices",
        "POST",
        signed_in(302, nobody=401),
        kwargs=_id,
        prepare=_holds,
        check=_counted,
    ),
    Row("consultations:propose", "GET", everyone(200), kwargs=_id),
    Row(
        "consultations:propose",
        "POST",
        everyone(302),
        kwargs=_id,
        data=lambda world, role: {"text": WORDS, "key": "form-key"},
        check=_proposed,
        done=INSIDE,
    ),
    Row("consultations:statement_check", "GET", signed_in(200), kwargs=_id, prepare=_typed),
    Row(
        "consultations:statement_check",
        "POST",
        signed_in(302),
        kwargs=_id,
        prepare=_typed,
        check=_submitted,
        done=INSIDE,
    ),
    Row("consultations:statement_results", "GET", everyone(200), kwargs=_id),
    Row(
        "consultations:statement_results_all",
        "GET",
        only("officer", "approver", others=404, nobody=404),
        kwargs=_id,
    ),
    Row("consultations:statement_csv", "GET", everyone(200), kwargs=_id),
    Row("consultations:share_card", "GET", everyone(200), kwargs=_id),
    Row("consultations:opinion_groups", "GET", everyone(200), kwargs=_grouped),
    Row("consultations:opinion_groups_csv", "GET", everyone(200), kwargs=_grouped),
]
