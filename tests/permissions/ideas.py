"""Contests and ideas: the page, the list, writing, drafts, own ideas."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core import clock
from ideas.actions.drafts import save_draft
from ideas.actions.merging import merge_ideas
from ideas.models import CoAuthor, Idea, IdeaDraft, Merge, OfficialReply, Screening, StatusChange
from participation.actions.pending import hold_act
from participation.models import PendingAct
from tests.factories.consultations import today
from tests.factories.ideas import (
    invite_to,
    link_of,
    make_contest,
    make_idea,
    make_public_idea,
)
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


def _seat(world: World, role: str) -> dict[str, Any]:
    """A waiting invitation of the second citizen to the first one's idea."""
    found = _own(world, role)
    if "seat" not in world.things:
        world.things["seat"] = invite_to(world.things["idea"], world.account("citizen2").email)
    return {**found, "coauthor_id": world.things["seat"].public_id}


def _link(world: World, role: str) -> dict[str, Any]:
    _seat(world, role)
    return {"token": link_of(world.things["seat"])}


def _invited(world: World, role: str, done: bool) -> None:
    assert CoAuthor.objects.filter(email="friend@table.example").exists() is done


def _ended(world: World, role: str, done: bool) -> None:
    assert CoAuthor.objects.filter(ended_at__isnull=False).exists() is done


def _joined(world: World, role: str, done: bool) -> None:
    assert CoAuthor.objects.seated().exists() is done


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


def _screening(world: World) -> Any:
    """A contest of EPD in its screening phase, with two public ideas."""
    if "screened contest" not in world.things:
        contest = make_contest(
            bureau=world.epd,
            closes=10,
            vote_opens_on=today() + dt.timedelta(days=20),
            vote_closes_on=today() + dt.timedelta(days=29),
        )[1]
        world.things["screened contest"] = contest
        world.things["duplicates"] = [make_public_idea(contest) for _each in range(2)]
        ended = clock.now() - dt.timedelta(minutes=1)
        contest.phases.filter(key="screening").update(opens_at=ended)
    return world.things["screened contest"]


def _screened(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _screening(world).public_id}


def _duplicate(world: World, role: str) -> dict[str, Any]:
    _screening(world)
    return {"public_id": world.things["duplicates"][0].contribution.public_id}


def _merged(world: World, role: str) -> dict[str, Any]:
    found = _duplicate(world, role)
    idea, into = world.things["duplicates"]
    idea.refresh_from_db()
    if idea.merged_into_id is None:
        merge_ideas(idea=idea, into=into, by=world.account("officer"))
    return found


def _into(world: World, role: str) -> dict[str, Any]:
    return {"address": world.things["duplicates"][1].contribution.public_id}


def _was_screened(world: World, role: str, done: bool) -> None:
    assert Screening.objects.exists() is done


def _is_merged(world: World, role: str, done: bool) -> None:
    assert Merge.objects.filter(undone_at=None).exists() is done


def _is_apart(world: World, role: str, done: bool) -> None:
    assert Merge.objects.filter(undone_at=None).exists() is not done


def _replied(world: World, role: str, done: bool) -> None:
    assert OfficialReply.objects.exists() is done


def _stepped(world: World, role: str, done: bool) -> None:
    assert StatusChange.objects.exists() is done


def _file(what: str, form: str) -> Any:
    return lambda world, role: {**_screened(world, role), "what": what, "form": form}


OFFICE = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}
OFFICE_DONE = {**OFFICE, "officer": 302, "approver": 302}
BY_OFFICE = frozenset({"officer", "approver"})
OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
COMMON = [_id]
ROWS = [
    Row("ideas:desk", "GET", OFFICE, kwargs=_screened),
    Row("ideas:export", "GET", OFFICE, kwargs=_file("ideas", "csv")),
    Row("ideas:export", "GET", OFFICE, kwargs=_file("comments", "json"), label="comments"),
    Row(
        "ideas:export",
        "GET",
        {"*": 404, "anonymous": 302, "suspended": 302},
        kwargs=_file("results", "xlsx"),
        label="no results yet",
    ),
    Row("ideas:contests_feed", "GET", everyone(200)),
    Row("ideas:feed", "GET", everyone(200), kwargs=_id),
    Row("ideas:calendar", "GET", everyone(200), kwargs=_id),
    Row("ideas:card", "GET", everyone(200), kwargs=_id),
    Row("ideas:idea_card", "GET", everyone(200), kwargs=_public),
    Row("ideas:idea_card", "GET", everyone(404), kwargs=_own, label="not public"),
    Row("ideas:screening", "GET", OFFICE, kwargs=_screened),
    Row("ideas:screen", "GET", OFFICE, kwargs=_duplicate),
    Row(
        "ideas:screen",
        "POST",
        OFFICE_DONE,
        kwargs=_duplicate,
        data=lambda world, role: {"verdict": "declined", "reason": "done", "version": "1"},
        check=_was_screened,
        done=BY_OFFICE,
    ),
    Row("ideas:merge", "GET", OFFICE, kwargs=_duplicate),
    Row(
        "ideas:merge",
        "POST",
        OFFICE_DONE,
        kwargs=_duplicate,
        data=_into,
        check=_is_merged,
        done=BY_OFFICE,
    ),
    Row("ideas:unmerge", "GET", OFFICE, kwargs=_merged),
    Row("ideas:unmerge", "POST", OFFICE_DONE, kwargs=_merged, check=_is_apart, done=BY_OFFICE),
    Row("ideas:status", "GET", OFFICE, kwargs=_duplicate),
    Row(
        "ideas:status",
        "POST",
        OFFICE_DONE,
        kwargs=_duplicate,
        data=lambda world, role: {"status": "done", "sentence": "Built.", "known": "received"},
        check=_stepped,
        done=BY_OFFICE,
    ),
    Row("ideas:reply", "GET", OFFICE, kwargs=_duplicate),
    Row(
        "ideas:reply",
        "POST",
        OFFICE_DONE,
        kwargs=_duplicate,
        data=lambda world, role: {"text": "We shall build it."},
        check=_replied,
        done=BY_OFFICE,
    ),
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
    Row("ideas:coauthors", "GET", OWN, kwargs=_own),
    Row(
        "ideas:coauthors",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_own,
        data=lambda world, role: {"email": "friend@table.example"},
        check=_invited,
        done=frozenset({"citizen"}),
    ),
    Row("ideas:coauthor-end", "GET", OWN, kwargs=_seat),
    Row(
        "ideas:coauthor-end",
        "POST",
        {**OWN, "citizen": 302},
        kwargs=_seat,
        check=_ended,
        done=frozenset({"citizen"}),
    ),
    Row("ideas:coauthor-invitation", "GET", everyone(200), kwargs=_link),
    Row(
        "ideas:coauthor-invitation",
        "POST",
        {"*": 403, "citizen2": 302, "anonymous": 302, "suspended": 302},
        kwargs=_link,
        data=lambda world, role: {"display_name": "Ah Fong"},
        check=_joined,
        done=frozenset({"citizen2"}),
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
