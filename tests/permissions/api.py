"""The API by session: the same rules as the pages. Tokens have tests of their own."""

from __future__ import annotations

import json
from typing import Any

from core.ids import public_id
from participation.models import Contribution, ContributionState, Engagement, Vote
from questionnaires.actions.responses import submit_response
from questionnaires.models import Response
from tests.factories.engagements import make_engagement
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.participation import make_comment, make_receipt, whole
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.factories.statements import make_statement
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

#: A suspended account's session is nobody's.
NOBODY = {"anonymous": 401, "suspended": 401}
INSIDE = frozenset(ROLES) - set(NOBODY)


def _engagement(world: World) -> Engagement:
    if "api_engagement" not in world.things:
        engagement = make_engagement(bureau=world.epd)
        world.things["api_engagement"] = engagement
        world.things["api_statement"] = make_statement(engagement)
        whole(engagement)
    return world.things["api_engagement"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _engagement(world).public_id}


def _statement(world: World, role: str) -> dict[str, Any]:
    _engagement(world)
    return {"public_id": world.things["api_statement"].public_id}


def _receipt(world: World, role: str) -> dict[str, Any]:
    return {"code": make_receipt(_engagement(world)).code}


def _own(world: World, role: str) -> dict[str, Any]:
    """A citizen's comment: its author's and nobody else's to change."""
    if "api_comment" not in world.things:
        world.things["api_comment"] = make_comment(
            _engagement(world),
            "As it was",
            account=world.account("citizen"),
            publish_choice="confidential",
        )
    return {"public_id": world.things["api_comment"].contribution.public_id}


def _told(world: World, role: str) -> dict[str, Any]:
    """A consultation whose outcome is published."""
    if "api_told" not in world.things:
        desk = make_desk()
        close(desk.engagement)
        make_item(desk)
        publish(desk)
        world.things["api_told"] = desk.engagement
    return {"public_id": world.things["api_told"].public_id}


def _voted(world: World, role: str, done: bool) -> None:
    voters = set(Vote.objects.values_list("person", flat=True))
    assert voters == ({world.account(role).person_id} if done else set())


def _sent(world: World, role: str, done: bool) -> None:
    found = Contribution.objects.filter(channel="api")
    assert set(found.values_list("person", flat=True)) == (
        {world.account(role).person_id} if done else set()
    )


def _changed(world: World, role: str, done: bool) -> None:
    entry = Contribution.objects.get(pk=world.things["api_comment"].contribution.pk)
    assert entry.text == ("As it is" if done else "As it was")


def _withdrawn(world: World, role: str, done: bool) -> None:
    entry = Contribution.objects.get(pk=world.things["api_comment"].contribution.pk)
    assert (entry.state == ContributionState.WITHDRAWN) is done


def _json(body: Any) -> dict[str, Any]:
    return {"content_type": "application/json", "data": json.dumps(body)}


def _asked(world: World, role: str) -> dict[str, Any]:
    """An engagement with questions."""
    if "api_questionnaire" not in world.things:
        engagement = make_engagement(bureau=world.epd)
        make_questionnaire(engagement, definition(question("how", "short")))
        world.things["api_questionnaire"] = engagement
    return {"public_id": world.things["api_questionnaire"].public_id}


def _own_response(world: World, role: str) -> dict[str, Any]:
    """What a citizen answered: the citizen's alone to read and to take back."""
    if "api_response" not in world.things:
        engagement = make_engagement(bureau=world.epd)
        account = world.account("citizen")
        receipt = submit_response(
            questionnaire=make_questionnaire(engagement, definition(question("how", "short"))),
            answers={"how": "By tram"},
            person=account.person,
            account=account,
        )
        world.things["api_response"] = receipt.contribution
    return {"public_id": world.things["api_response"].public_id}


def _taken_back(world: World, role: str, done: bool) -> None:
    row = Response.objects.select_related("contribution").get()
    assert (row.contribution.state == ContributionState.WITHDRAWN) is done
    assert row.live is not done


def _answered(world: World, role: str, done: bool) -> None:
    found = set(Response.objects.values_list("person", flat=True))
    assert found == ({world.account(role).person_id} if done else set())


ROWS = [
    Row("api:questions", "GET", everyone(), kwargs=_asked),
    Row(
        "api:responses",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_asked,
        extra=_json({"answers": {"how": "By tram"}}),
        check=_answered,
        done=INSIDE,
    ),
    Row("api:own-responses", "GET", {"*": 200, **NOBODY}),
    Row("api:response", "GET", {"*": 404, "citizen": 200, **NOBODY}, kwargs=_own_response),
    Row(
        "api:response",
        "DELETE",
        {"*": 404, "citizen": 200, **NOBODY},
        kwargs=_own_response,
        check=_taken_back,
        done=frozenset({"citizen"}),
    ),
    Row(
        "api:report",
        "GET",
        {"*": 404, "officer": 200, "approver": 200, "administrator": 200, **NOBODY},
        kwargs=_id,
    ),
    Row("api:openapi-json", "GET", everyone()),
    Row("api:api-root", "GET", everyone(404)),
    Row("api:api-root", "POST", everyone(404), check=lambda world, role, done: None),
    Row("api_docs", "GET", everyone(302)),
    Row("api_docs_page", "GET", everyone()),
    Row("api_absent", "GET", everyone(404), kwargs=lambda world, role: {"rest": "v2/"}),
    Row("api:bureaux", "GET", everyone()),
    Row("api:search", "GET", everyone(), query="?q=tree"),
    Row("api:consultations", "GET", everyone()),
    Row("api:consultation", "GET", everyone(), kwargs=_id),
    Row("api:statements", "GET", everyone(), kwargs=_id),
    Row("api:votes", "GET", {"*": 200, **NOBODY}, kwargs=_id),
    Row("api:outcome", "GET", everyone(404), kwargs=_id),
    Row("api:outcome", "GET", everyone(), kwargs=_told, label="published"),
    Row("api:comments", "GET", everyone(), kwargs=_id),
    Row("api:receipt", "GET", everyone(), kwargs=_receipt),
    Row("api:receipts", "GET", {"*": 200, **NOBODY}),
    Row(
        "api:vote",
        "PUT",
        {"*": 200, **NOBODY},
        kwargs=_statement,
        extra=_json({"choice": "agree"}),
        check=_voted,
        done=INSIDE,
    ),
    Row(
        "api:comments",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_id,
        extra=_json({"text": "By a program", "on": "whole"}),
        check=_sent,
        done=INSIDE,
    ),
    Row(
        "api:comment",
        "PATCH",
        {"*": 404, "citizen": 200, **NOBODY},
        kwargs=_own,
        extra=_json({"text": "As it is"}),
        check=_changed,
        done=frozenset({"citizen"}),
    ),
    Row(
        "api:comment",
        "DELETE",
        {"*": 404, "citizen": 200, **NOBODY},
        kwargs=_own,
        check=_withdrawn,
        done=frozenset({"citizen"}),
    ),
    Row(
        "api:comment",
        "PATCH",
        {"*": 404, **NOBODY},
        kwargs=lambda world, role: {"public_id": public_id()},
        extra=_json({"text": "Whose?"}),
        check=lambda world, role, done: None,
        done=frozenset(),
        label="unknown",
    ),
]
