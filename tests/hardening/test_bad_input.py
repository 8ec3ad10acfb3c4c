"""Whatever is sent to an address of ours: an answer below 500, and nothing half-written.

The addresses are those of the permission table, which a test of its own holds complete.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.factories.consultations import make_paper
from tests.hardening.harness import BAD_QUERIES, ODD_HEADERS, Attack, rows
from tests.hardening.throws import THROWS, Throw, each, writes
from tests.permissions.common import by_room
from tests.permissions.rows import Row, nothing
from tests.permissions.world import World, make_world

pytestmark = pytest.mark.django_db
MARK = "keep-what-I-typed"
#: Fields people write sentences in.
TEXTS = ("text", "note", "sentence", "title", "reason_en", "text_en", "name", "display_name")
#: How many parts the addresses are dealt into, so that processes beside each other share them.
PARTS = 8
#: An address meets one in six of each list; in the long run (make test-long) all.
SHARE = 6


@pytest.fixture(scope="module")
def everybody(rows_of_the_module) -> World:
    return make_world()


@pytest.fixture
def world(tree, everybody) -> World:
    return replace(everybody, things={})


def parts() -> list[list[Row]]:
    """The rows dealt out evenly, those together that stand on the same, the most first."""
    found: list[list[Row]] = [[] for _part in range(PARTS)]
    rooms = by_room(rows())
    alone = rooms.pop(nothing.__module__)
    for inside in sorted(rooms.values(), key=len, reverse=True):
        min(found, key=len).extend(inside)
    for name in sorted({row.name for row in alone}):
        min(found, key=len).extend(row for row in alone if row.name == name)
    return found


@pytest.mark.parametrize("share", [SHARE, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_thrown_at_an_address_breaks_it(world, part, share):
    assert each(world, THROWS, parts()[part], share=share) == []


def test_what_was_typed_stays(world):
    kept: set[str] = set()

    def act(attack: Attack) -> None:
        if not attack.row.lets_through(attack.role):
            return
        for name in TEXTS:
            if name not in attack.data:
                continue
            for typed in (MARK + "\x07", MARK + " " + "字" * 20_001):
                found = attack.form({**attack.data, name: typed}, what=name)
                if found.status_code == 422 and MARK.encode() in found.content:
                    kept.add(attack.row.name)
                elif found.status_code < 300 or found.status_code >= 400:
                    attack.faults.append(
                        f"{attack.row.name} as {attack.role}: {found.status_code}, {name} lost"
                    )

    assert each(world, [Throw(act, writes)], rows()) == []
    assert len(kept) >= 8


@pytest.mark.parametrize("place", ["", "consultations/", "consultations/epd/", "paper"])
def test_pages_of_the_tree(tree, place):
    page, _engagement = make_paper(opens=-1)
    path = page.get_url_parts()[2] if place == "paper" else f"/en/{place}"
    client = Client(raise_request_exception=False)
    for query in BAD_QUERIES:
        found = client.generic("GET", path, QUERY_STRING=query)
        assert found.status_code < 500, query
        assert b"<svg>sent" not in found.content
        assert b"<script>" not in found.content
    for bad in ("%00", "a%00b/", "%ff%fe/", "%ed%a0%80/", "%2e%2e/", "\u202e/", "x" * 3000 + "/"):
        found = client.generic("GET", f"{path}{bad}")
        assert found.status_code in (400, 404), bad
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        assert client.generic(method, path).status_code < 500
    for headers in ODD_HEADERS:
        found: Any = client.get(path, **headers)
        assert found.status_code < 500
        assert b"evil.example" not in found.content
