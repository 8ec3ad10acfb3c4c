"""Search: titles under the box, the table of synonyms."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from core import clock
from search.actions.saving import save_search
from search.filters import read_filters
from search.models import SavedSearch, SynonymGroup
from tests.permissions.cms import cms
from tests.permissions.rows import Row, everyone, signed_in
from tests.permissions.world import World

#: Whoever else may enter the CMS finds nothing; who may not is led to the door.
LISTS = cms(officer=404, officer2=404, approver=404, administrator=200)
#: Where the address names something, nothing is there for whoever is signed in.
LINE = {**everyone(404), "anonymous": 302, "suspended": 302, "administrator": 200}
ADMIN = frozenset({"administrator"})
_WORDS = "小輪\n渡輪"


def _line(world: World, role: str) -> dict[str, Any]:
    world.things["synonyms"] = SynonymGroup.objects.create(
        words="街渡\n渡海", changed_at=clock.now()
    )
    return {"public_id": world.things["synonyms"].public_id}


def _typed(world: World, role: str) -> dict[str, Any]:
    return {"words": _WORDS}


def _written(world: World, role: str, done: bool) -> None:
    assert SynonymGroup.objects.filter(words=_WORDS).exists() is done


def _removed(world: World, role: str, done: bool) -> None:
    kept = SynonymGroup.objects.filter(pk=world.things["synonyms"].pk).exists()
    assert kept is not done


def _saved(world: World, role: str) -> dict[str, Any]:
    world.things["saved_search"] = save_search(
        filters=read_filters(QueryDict("q=tree")), every="daily", account=world.account("citizen")
    )
    return {"public_id": world.things["saved_search"].public_id}


def _token(world: World, role: str) -> dict[str, Any]:
    _saved(world, role)
    return {"token": world.things["saved_search"].token}


def _weekly(world: World, role: str) -> dict[str, Any]:
    return {"every": "weekly"}


def _kept(world: World, role: str, done: bool) -> None:
    rows = SavedSearch.objects.all()
    assert [row.account for row in rows] == ([world.account(role)] if done else [])


def _paced(world: World, role: str, done: bool) -> None:
    assert SavedSearch.objects.get().every == ("weekly" if done else "daily")


def _given_up(world: World, role: str, done: bool) -> None:
    assert SavedSearch.objects.exists() is not done


def _silent(world: World, role: str, done: bool) -> None:
    assert (SavedSearch.objects.get().every == "off") is done


#: Somebody else's and none look the same; who is not signed in is led there, a write is refused.
OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
OWN_WRITE = {"*": 404, "citizen": 302, "anonymous": 401, "suspended": 401}
OWNER = frozenset({"citizen"})

ROWS = [
    Row("search:save", "GET", signed_in(), query="?q=tree"),
    Row(
        "search:save",
        "POST",
        signed_in(302, nobody=401),
        query="?q=tree",
        data=_weekly,
        check=_kept,
    ),
    Row("search:saved", "GET", signed_in()),
    Row("search:saved-change", "GET", OWN, kwargs=_saved),
    Row(
        "search:saved-change",
        "POST",
        OWN_WRITE,
        kwargs=_saved,
        data=_weekly,
        check=_paced,
        done=OWNER,
    ),
    Row("search:saved-remove", "POST", OWN_WRITE, kwargs=_saved, check=_given_up, done=OWNER),
    Row("search:saved-stop", "GET", everyone(200), kwargs=_token),
    Row("search:saved-stop", "POST", everyone(302), kwargs=_token, check=_silent),
    Row("search:complete", "GET", everyone(200), query="?q=tree"),
    Row("synonyms:table", "GET", LISTS),
    Row("synonyms:new", "GET", LISTS),
    Row(
        "synonyms:new",
        "POST",
        {**LISTS, "administrator": 302},
        data=_typed,
        check=_written,
        done=ADMIN,
    ),
    Row("synonyms:edit", "GET", LINE, kwargs=_line),
    Row(
        "synonyms:edit",
        "POST",
        {**LINE, "administrator": 302},
        kwargs=_line,
        data=_typed,
        check=_written,
        done=ADMIN,
    ),
    Row(
        "synonyms:remove",
        "POST",
        {**LINE, "administrator": 302},
        kwargs=_line,
        check=_removed,
        done=ADMIN,
    ),
]
