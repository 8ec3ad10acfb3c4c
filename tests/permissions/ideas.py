"""Contests and ideas: the page, the list, writing, drafts, own ideas."""

from __future__ import annotations

from typing import Any

from ideas.actions.drafts import save_draft
from ideas.models import Idea, IdeaDraft
from participation.actions.pending import hold_act
from participation.models import PendingAct
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.permissions.rows import ROLES, Row, everyone
from tests.permissions.world import World

INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}
WORDS = {"title": "Benches at every stop", "text": "People wait long."}


def _contest(world: World) -> Any:
    if "contest" not in world.things:
        page, world.things["contest"] = make_contest(bureau=world.epd)
        world.things["contest page"] = page
    return world.things["contest"]


def _page(world: World, role: str) -> dict[str, Any]:
    _contest(world)
    return {"bureau": world.epd.slug, "slug": world.things["contest page"].slug}


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _contest(world).public_id}


def _rules(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _contest(world).public_id, "number": 1}


def _one(world: World, role: str) -> dict[str, Any]:
    make_public_idea(_contest(world))
    return {"public_id": _contest(world).public_id, "place": 1}


def _public(world: World, role: str) -> dict[str, Any]:
    return {"public_id": make_public_idea(_contest(world)).contribution.public_id}


def _own(world: World, role: str) -> dict[str, Any]:
    """An idea of the citizen's, not public yet."""
    if "idea" not in world.things:
        account = world.account("citizen")
        account.display_name = "Mei"
        account.save(update_fields=["display_name"])
        world.things["idea"] = make_idea(_contest(world), account=account)
    return {"public_id": world.things["idea"].contribution.public_id}


def _edited(world: World, role: str, done: bool) -> None:
    idea = Idea.objects.get(pk=world.things["idea"].pk)
    assert idea.title == ("A better title" if done else world.things["idea"].title)


def _draft(world: World, role: str) -> dict[str, Any]:
    if "draft" not in world.things:
        world.things["draft"] = save_draft(
            engagement=_contest(world),
            person=world.account("citizen").person,
            title="Half",
            text="",
            language="en",
        )
    return {"public_id": world.things["draft"].public_id}


def _dropped(world: World, role: str, done: bool) -> None:
    assert IdeaDraft.objects.exists() is not done


def _held(world: World, role: str, done: bool) -> None:
    assert PendingAct.objects.filter(kind="idea").exists()
    assert not Idea.objects.exists()


def _typed(world: World, role: str, client: Any) -> None:
    contest = _contest(world)
    act = hold_act(
        engagement=contest, kind="idea", payload=WORDS, language="en", source="address:192.0.2.1"
    )
    session = client.session
    session["held_acts"] = {f"idea:{contest.public_id}": act.token}
    session.save()


def _handed_in(world: World, role: str, done: bool) -> None:
    authors = set(Idea.objects.values_list("contribution__person", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())


OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
ROWS = [
    Row("ideas:contest", "GET", everyone(200), kwargs=_page),
    Row("ideas:rules", "GET", everyone(200), kwargs=_rules),
    Row("ideas:list", "GET", everyone(302), kwargs=_id),
    Row("ideas:list", "GET", everyone(200), kwargs=_id, query="?seed=7", label="with a seed"),
    Row("ideas:one", "GET", everyone(200), kwargs=_one),
    Row("ideas:idea", "GET", everyone(200), kwargs=_public),
    Row("ideas:idea", "GET", everyone(404), kwargs=_own, label="not public"),
    Row("ideas:versions", "GET", everyone(200), kwargs=_public),
    Row(
        "ideas:versions",
        "GET",
        {"*": 404, "citizen": 200},
        kwargs=_own,
        label="not public",
    ),
    Row("ideas:similar", "GET", everyone(200), kwargs=_id, query="?title=benches"),
    Row("ideas:write", "GET", everyone(200), kwargs=_id),
    Row(
        "ideas:write",
        "POST",
        everyone(302),
        kwargs=_id,
        data=lambda world, role: WORDS,
        check=_held,
        done=frozenset(),
    ),
    Row("ideas:check", "GET", everyone(200), kwargs=_id, prepare=_typed),
    Row(
        "ideas:check",
        "POST",
        everyone(302),
        kwargs=_id,
        prepare=_typed,
        data=lambda world, role: {"display_name": f"Neighbour {ROLES.index(role)}"},
        check=_handed_in,
        done=INSIDE,
    ),
    Row("ideas:edit", "GET", OWN, kwargs=_own),
    Row(
        "ideas:edit",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_own,
        data=lambda world, role: {
            "title": "A better title",
            "text": "People wait long.",
            "version": "1",
        },
        check=_edited,
        done=frozenset({"citizen"}),
    ),
    Row("ideas:drop", "GET", OWN, kwargs=_draft),
    Row(
        "ideas:drop",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_draft,
        check=_dropped,
        done=frozenset({"citizen"}),
    ),
]
