"""Whatever is sent to an address of ours: an answer below 500, and nothing half-written.

The addresses are those of the permission table, which a test of its own holds complete.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.factories.consultations import make_paper
from tests.hardening.harness import (
    BAD_QUERIES,
    BAD_TEXTS,
    FORM,
    ODD_HEADERS,
    Attack,
    roles_of,
    rows,
)
from tests.permissions.rows import Row
from tests.permissions.test_table import undone
from tests.permissions.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db
MARK = "keep-what-I-typed"
#: Fields people write sentences in.
TEXTS = ("text", "note", "sentence", "title", "reason_en", "text_en", "name", "display_name")


@pytest.fixture
def world(tree) -> World:
    return make_world()


def each(
    world: World, chosen: list[Row], act: Callable[[Attack], None], *, deep: bool = False
) -> list[str]:
    """``act`` on every row as nobody and as who gets furthest, each turn rolled back.

    ``deep``: only as who gets furthest.
    """
    faults: list[str] = []
    alike: dict[Any, list[Row]] = {}
    for row in chosen:
        alike.setdefault(row.kwargs, []).append(row)
    for address, some in alike.items():
        with undone():
            # What is behind an address is made once for all rows and roles that ask for it.
            made = replace(world, things={})
            kwargs = address(made, ROLES[0])
            for row in some:
                for role in roles_of(row)[: 1 if deep else 2]:
                    with undone():
                        attack = Attack(made, row, role, kwargs)
                        act(attack)
                        faults.extend(attack.faults)
    return faults


def one_each(chosen: list[Row]) -> list[Row]:
    """One row for each address and method."""
    return list({(row.name, row.method): row for row in chosen}.values())


def addresses() -> list[Row]:
    """One row for each address."""
    return list({row.name: row for row in rows()}.values())


def writes() -> list[Row]:
    """One row for each address that takes a form."""
    return [row for row in one_each(rows()) if row.method == "POST"]


def test_ids_that_are_none(world):
    def act(attack: Attack) -> None:
        for path in attack.paths():
            method = attack.row.method
            found = attack.send(method, path, what=path)
            if found.status_code < 300 and attack.row.name != "moderation:thanks":
                # (Thanks say the same whether or not there is such a text.)
                attack.faults.append(f"{attack.row.name} as {attack.role}: {path} answers")

    assert each(world, one_each(rows()), act) == []


def test_queries(world):
    def act(attack: Attack) -> None:
        for query in BAD_QUERIES:
            found = attack.send("GET", attack.address, query, what=query[:40])
            body = found.getvalue()
            if b"<svg>" in body or b"<script>" in body:
                attack.faults.append(f"{attack.row.name}: {query} comes back as markup")

    assert each(world, addresses(), act) == []


def test_headers_and_methods(world):
    def act(attack: Attack) -> None:
        for headers in ODD_HEADERS:
            # As nobody: a broken cookie would sign the others out.
            attack.client = Client(raise_request_exception=False)
            found = attack.send("GET", attack.address, what=str(headers)[:60], **headers)
            if b"evil.example" in found.getvalue():
                attack.faults.append(f"{attack.row.name}: believes {headers}")
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD"):
            attack.send(method, attack.address, data=b"a=1", content_type=FORM, what=method)
        wrong = attack.send("GET", attack.address, what="host", HTTP_HOST="evil.example")
        if wrong.status_code != 400:
            attack.faults.append(f"{attack.row.name}: {wrong.status_code} for a foreign host")

    assert each(world, addresses(), act, deep=True) == []


def test_fields(world):
    def act(attack: Attack) -> None:
        names = list(attack.data) or ["text"]
        for bad in BAD_TEXTS:
            attack.form({**attack.data, **dict.fromkeys(names, bad)}, what=f"all {bad[:9]!r}")
        for name in names:
            for bad in ("", "a\x00b", "9" * 400):
                attack.form({**attack.data, name: bad}, what=f"{name} {bad[:9]!r}")
            attack.form({**attack.data, name: ["1", "2", attack.data.get(name, "")]}, what="twice")

    assert each(world, writes(), act, deep=True) == []


def test_bodies(world):
    def act(attack: Attack) -> None:
        broken = (
            ("application/json", json.dumps({"text": ["a"]}).encode()),
            ("application/json", b'{"a":' * 9000),
            ("text/plain", b"text=a"),
            ("text/xml", b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
            ("multipart/form-data", b"--x"),
            ("multipart/form-data; boundary=" + "x" * 300, b"--x\r\n"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n"),
            (FORM + "; charset=utf-16", b"text=a"),
            (FORM + "; charset=nonsense", b"text=a"),
            (FORM, b"text=%ff%fe%ed%a0%80&text=\xff\xfe&key=%00&display_name=%ed%b0%80"),
            (FORM, b"\x00\x01\x02=&&&===%zz"),
            ("", b"text=a"),
        )
        for kind, body in broken:
            attack.send("POST", attack.address, data=body, content_type=kind, what=kind[:40])
        many = b"&".join(b"f%d=1" % number for number in range(12_000))
        attack.form(many, what="many fields")
        attack.form({**attack.data, "text": "x" * 300_000}, what="300 kB")

    assert each(world, writes(), act, deep=True) == []


def test_a_body_over_the_limit_is_413(world):
    body = b"text=" + b"x" * (2 * 1024 * 1024)

    def act(attack: Attack) -> None:
        found = attack.form(body, what="2 MB")
        if found.status_code not in (413, 404, 302, 403, 401):
            attack.faults.append(f"{attack.row.name} as {attack.role}: {found.status_code}")

    assert each(world, writes(), act, deep=True) == []


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

    assert each(world, writes(), act, deep=True) == []
    assert len(kept) >= 8


@pytest.mark.parametrize("place", ["", "consultations/", "consultations/epd/", "paper"])
def test_pages_of_the_tree(tree, place):
    page, _engagement = make_paper(opens=-1)
    path = page.get_url_parts()[2] if place == "paper" else f"/en/{place}"
    client = Client(raise_request_exception=False)
    for query in BAD_QUERIES:
        found = client.generic("GET", path, QUERY_STRING=query)
        assert found.status_code < 500, query
        assert b"<svg>" not in found.content
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
