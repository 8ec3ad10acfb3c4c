"""Answering: anybody begins, a person submits, own responses are their author's alone."""

from __future__ import annotations

from typing import Any

from notifications.models import Notice
from participation.models import Contribution, Engagement
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.links import mail_draft_link
from questionnaires.actions.responses import submit_response
from questionnaires.models import AboutYou, Draft, Questionnaire, Response
from tests.factories.engagements import make_engagement
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

NOBODY = frozenset({"anonymous", "suspended"})
INSIDE = frozenset(ROLES) - NOBODY
CITIZEN = frozenset({"citizen"})


def _survey(world: World) -> Questionnaire:
    if "survey" not in world.things:
        engagement: Engagement = make_engagement(bureau=world.epd)
        world.things["survey"] = make_questionnaire(
            engagement,
            definition(question("a", number=1, is_key=True), question("b", number=2)),
        )
    found: Questionnaire = world.things["survey"]
    return found


def here(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _survey(world).engagement.public_id}


def place(world: World, role: str) -> dict[str, Any]:
    return {**here(world, role), "place": 1}


def _draft(world: World, role: str, client: Any) -> None:
    survey = _survey(world)
    draft = begin_draft(questionnaire=survey, person=None, language="en", source="s")
    world.things["draft"] = save_draft(draft=draft, values={"a": "Said before."})
    session = client.session
    session["drafts"] = {survey.public_id: draft.token}
    session.save()


def token(world: World, role: str) -> dict[str, Any]:
    """A mailed link that nobody used; the draft it leads to is another visit's."""
    draft = begin_draft(questionnaire=_survey(world), person=None, language="en", source="s")
    world.things["draft"] = draft
    link = mail_draft_link(draft=draft, email=f"{role}@table.example", language="en")
    path = Notice.objects.get(event_key=f"draft-link:{link.pk}").path
    return {**here(world, role), "token": path.rstrip("/").rsplit("/", 1)[-1]}


def _response(world: World) -> Response:
    if "response" not in world.things:
        author = world.account("citizen")
        receipt = submit_response(
            questionnaire=_survey(world),
            answers={"a": "Said by the citizen."},
            person=author.person,
            account=author,
        )
        world.things["response"] = Response.objects.select_related("contribution__receipt").get(
            contribution__receipt=receipt
        )
    found: Response = world.things["response"]
    return found


def code(world: World, role: str) -> dict[str, Any]:
    return {**here(world, role), "code": _response(world).contribution.receipt.code}


def _begun(world: World, role: str, done: bool) -> None:
    assert Draft.objects.count() == 1
    assert Contribution.objects.count() == 0


def _saved(world: World, role: str, done: bool) -> None:
    assert Draft.objects.get().answers == {"a": "Said now."}


def _sent(world: World, role: str, done: bool) -> None:
    assert Response.objects.count() == done
    draft = Draft.objects.get()
    assert (draft.submitted_at is not None) is done
    if done:
        assert Response.objects.get().person == world.account(role).person
    else:
        assert draft.answers == {"a": "Said before."}


def _mailed(world: World, role: str, done: bool) -> None:
    assert Notice.objects.filter(kind="draft-link", address="reader@table.example").count() == done


def _taken_over(world: World, role: str, done: bool) -> None:
    begun = world.things["draft"]
    row = Draft.objects.get(pk=begun.pk)
    assert row.token != begun.token
    assert row.person == (world.account(role).person if role in INSIDE else None)


def _dropped(world: World, role: str, done: bool) -> None:
    assert not Draft.objects.exists()


def _whole(world: World, role: str, done: bool) -> None:
    assert Draft.objects.get().route == "whole"


def _opened(world: World, role: str, done: bool) -> None:
    assert Draft.objects.filter(response=_response(world)).count() == done


def _told(world: World, role: str, done: bool) -> None:
    assert AboutYou.objects.count() == done


def _typed(world: World, role: str) -> dict[str, Any]:
    return {"q-a": "Said now.", "seen": ["q-a", "q-b"]}


def _signing(world: World, role: str) -> dict[str, Any]:
    return {"capacity": "individual", "publish_choice": "confidential"}


OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
OWN_POST = {"*": 404, "citizen": 302, "anonymous": 302, "suspended": 302}

ROWS = [
    Row("questionnaires:start", "GET", everyone(200), kwargs=here),
    Row(
        "questionnaires:start",
        "POST",
        everyone(302),
        kwargs=here,
        data=lambda world, role: {"route": "whole"},
        check=_begun,
    ),
    Row("questionnaires:tasks", "GET", everyone(200), kwargs=here, prepare=_draft),
    Row("questionnaires:part", "GET", everyone(200), kwargs=place, prepare=_draft),
    Row(
        "questionnaires:part",
        "POST",
        everyone(302),
        kwargs=place,
        prepare=_draft,
        data=_typed,
        check=_saved,
    ),
    Row(
        "questionnaires:save",
        "POST",
        everyone(200),
        kwargs=place,
        prepare=_draft,
        data=_typed,
        check=_saved,
    ),
    Row("questionnaires:check", "GET", everyone(200), kwargs=here, prepare=_draft),
    Row(
        "questionnaires:check",
        "POST",
        everyone(302),
        kwargs=here,
        prepare=_draft,
        data=_signing,
        check=_sent,
        done=INSIDE,
    ),
    Row(
        "questionnaires:route",
        "POST",
        everyone(302),
        kwargs=here,
        prepare=_draft,
        check=_whole,
    ),
    Row("questionnaires:later", "GET", everyone(200), kwargs=here, prepare=_draft),
    Row(
        "questionnaires:later",
        "POST",
        everyone(302),
        kwargs=here,
        prepare=_draft,
        data=lambda world, role: {"email": "reader@table.example"},
        check=_mailed,
    ),
    Row("questionnaires:back", "GET", everyone(200), kwargs=token),
    Row("questionnaires:back", "POST", everyone(302), kwargs=token, check=_taken_over),
    Row(
        "questionnaires:drop",
        "POST",
        everyone(302),
        kwargs=here,
        prepare=_draft,
        check=_dropped,
    ),
    Row("questionnaires:change", "GET", OWN, kwargs=code),
    Row(
        "questionnaires:change",
        "POST",
        {**OWN_POST, "anonymous": 401, "suspended": 401},
        kwargs=code,
        check=_opened,
        done=CITIZEN,
    ),
    Row("questionnaires:copy", "GET", OWN, kwargs=code),
    Row("questionnaires:about-you", "GET", OWN, kwargs=code),
    Row(
        "questionnaires:about-you",
        "POST",
        OWN_POST,
        kwargs=code,
        data=lambda world, role: {"age": "25-34"},
        check=_told,
        done=CITIZEN,
    ),
]
