"""The API's contests, ideas and votes by session: the same rules as the pages."""

from __future__ import annotations

from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.ids import public_id
from ideas.models import Idea
from participation.models import (
    Attachment,
    Comment,
    Contribution,
    ContributionState,
    Vote,
    VoteChoice,
)
from tests.factories.files import attach, picture, upload
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.factories.questions import question, section
from tests.factories.votes import cast, key, make_voting, open_now
from tests.permissions.api import INSIDE, NOBODY, _json
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World

#: The idea that is voted for: its id stands in a body that is written before it is made.
CHOSEN = public_id()


def _contest(world: World, role: str) -> dict[str, Any]:
    if "api_contest" not in world.things:
        world.things["api_contest"] = make_contest(bureau=world.epd)[1]
        world.things["api_idea"] = make_public_idea(world.things["api_contest"])
    return {"public_id": world.things["api_contest"].public_id}


def _idea(world: World, role: str) -> dict[str, Any]:
    _contest(world, role)
    return {"public_id": key(world.things["api_idea"])}


def _own(world: World, role: str) -> dict[str, Any]:
    """A citizen's idea that is not public yet: its author's and nobody else's."""
    _contest(world, role)
    if "api_own_idea" not in world.things:
        account = world.account("citizen")
        account.display_name = "Mei"
        account.save(update_fields=["display_name"])
        world.things["api_own_idea"] = make_idea(world.things["api_contest"], account=account)
    return {"public_id": key(world.things["api_own_idea"])}


def _asking(world: World, role: str) -> dict[str, Any]:
    """A contest that asks something of ideas."""
    if "api_asking" not in world.things:
        asked = section("s1", "About it", question("short", "q-where", "Where?"))
        world.things["api_asking"] = make_contest(bureau=world.epd, questions=[asked])[1]
    return {"public_id": world.things["api_asking"].public_id}


def _file(world: World, role: str) -> dict[str, Any]:
    """A file of the citizen's idea."""
    _own(world, role)
    if "api_file" not in world.things:
        world.things["api_file"] = attach(
            world.things["api_own_idea"].contribution, world.account("citizen"), content=picture()
        )
    return {**_own(world, role), "file_id": world.things["api_file"].public_id}


def _voting(world: World, role: str) -> dict[str, Any]:
    """An open vote in which the second citizen has voted."""
    if "api_voting" not in world.things:
        _page, vote, ideas = make_voting(bureau=world.epd, results_from="close")
        Contribution.objects.filter(pk=ideas[0].pk).update(public_id=CHOSEN)
        open_now(vote)
        cast(vote, ideas[1:], by=world.account("citizen2"))
        world.things["api_voting"] = vote
    return {"public_id": world.things["api_voting"].ballot.engagement.public_id}


def _handed_in(world: World, role: str, done: bool) -> None:
    found = Idea.objects.filter(contribution__channel="api")
    authors = set(found.values_list("contribution__person", flat=True))
    assert authors == ({world.account(role).person_id} if done else set())


def _commented(world: World, role: str, done: bool) -> None:
    found = set(Comment.objects.values_list("contribution__person", flat=True))
    assert found == ({world.account(role).person_id} if done else set())


def _changed(world: World, role: str, done: bool) -> None:
    own = Idea.objects.get(pk=world.things["api_own_idea"].pk)
    assert (own.title == "A better title") is done


def _sent(world: World, role: str, done: bool) -> None:
    entry = world.things["api_own_idea"].contribution
    found = set(Attachment.objects.live().filter(contribution=entry).values_list("alt", flat=True))
    assert ("By a program" in found) is done


def _taken_away(world: World, role: str, done: bool) -> None:
    kept = Attachment.objects.live().filter(pk=world.things["api_file"].pk)
    assert kept.exists() is not done


def _withdrawn(world: World, role: str, done: bool) -> None:
    entry = Contribution.objects.get(pk=world.things["api_own_idea"].pk)
    assert (entry.state == ContributionState.WITHDRAWN) is done


def _chosen(world: World, role: str, done: bool) -> None:
    rows = VoteChoice.objects.filter(entry__public_id=CHOSEN)
    voters = set(rows.values_list("vote__person", flat=True))
    assert voters == ({world.account(role).person_id} if done else set())


def _taken_back(world: World, role: str, done: bool) -> None:
    assert Vote.objects.filter(digest="").exists() is done


OWN = {"*": 404, "citizen": 200, **NOBODY}
VOTER = {"*": 404, "citizen2": 200, **NOBODY}
COMMON = [_contest]
ROWS = [
    Row("api:contests", "GET", everyone()),
    Row("api:contest", "GET", everyone(), kwargs=_contest),
    Row("api:ideas", "GET", everyone(), kwargs=_contest),
    Row("api:ideas", "GET", everyone(409), kwargs=_voting, query="?sort=supported", label="sealed"),
    Row("api:idea-facets", "GET", everyone(), kwargs=_contest),
    Row(
        "api:ideas",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_contest,
        extra=_json({"title": "By a program", "text": "Words.", "display_name": "Neighbour Ho"}),
        check=_handed_in,
        done=INSIDE,
    ),
    Row("api:idea", "GET", everyone(), kwargs=_idea),
    Row("api:idea", "GET", everyone(404), kwargs=_own, label="not public"),
    Row(
        "api:idea",
        "PATCH",
        OWN,
        kwargs=_own,
        extra=_json({"title": "A better title"}),
        check=_changed,
        done=frozenset({"citizen"}),
    ),
    Row("api:idea-questions", "GET", everyone(), kwargs=_asking),
    Row("api:idea-questions", "GET", everyone(404), kwargs=_contest, label="nothing asked"),
    Row("api:own-ideas", "GET", {"*": 200, **NOBODY}),
    Row("api:own-idea", "GET", OWN, kwargs=_own),
    Row(
        "api:idea-files",
        "POST",
        {"*": 404, "citizen": 201, **NOBODY},
        kwargs=_own,
        extra={
            "data": encode_multipart(BOUNDARY, {"file": upload(picture()), "alt": "By a program"}),
            "content_type": MULTIPART_CONTENT,
        },
        check=_sent,
        done=frozenset({"citizen"}),
    ),
    Row(
        "api:idea-file",
        "DELETE",
        OWN,
        kwargs=_file,
        check=_taken_away,
        done=frozenset({"citizen"}),
    ),
    Row("api:idea", "DELETE", OWN, kwargs=_own, check=_withdrawn, done=frozenset({"citizen"})),
    Row("api:idea-comments", "GET", everyone(), kwargs=_idea),
    Row(
        "api:idea-comments",
        "POST",
        {"*": 201, **NOBODY},
        kwargs=_idea,
        extra=_json({"text": "By a program", "side": "for"}),
        check=_commented,
        done=INSIDE,
    ),
    Row("api:contest-vote", "GET", VOTER, kwargs=_voting),
    Row(
        "api:contest-vote",
        "PUT",
        {"*": 200, **NOBODY},
        kwargs=_voting,
        extra=_json({"choices": {CHOSEN: 1}}),
        check=_chosen,
        done=INSIDE,
    ),
    Row(
        "api:contest-vote",
        "DELETE",
        VOTER,
        kwargs=_voting,
        check=_taken_back,
        done=frozenset({"citizen2"}),
    ),
    Row("api:contest-totals", "GET", everyone(), kwargs=_voting),
    Row("api:contest-standings", "GET", everyone(409), kwargs=_voting, label="sealed"),
]
