"""Search: titles under the box, the table of synonyms."""

from __future__ import annotations

from typing import Any

from core import clock
from search.models import SynonymGroup
from tests.permissions.cms import cms
from tests.permissions.rows import Row, everyone
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


ROWS = [
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
