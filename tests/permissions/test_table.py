"""Role x method x address for every route of ours, allowed and refused, and the database after.

A new route without a row fails here. So does a method that a route answers and no row names: what
no row lists must be 405 for an administrator.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.models import AuditEntry
from tests.database import rolled_back
from tests.permissions.common import by_room, copy_of, furnish, room_of
from tests.permissions.rows import Row, nothing
from tests.permissions.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")
#: Other people's routes: the CMS (its fence has tests of its own), its files, static files.
THIRD_PARTY = ("cms/", "documents/", "static/", "media/")
#: The desk, rewards, what is looked for and synonyms are ours among the CMS's addresses.
OURS_AMONG_THEM = ("cms/desk/", "cms/rewards/", "cms/searches/", "cms/synonyms/")
#: The page tree: pages are public or absent, tested with the pages.
THIRD_PARTY_NAMES = {"wagtail_serve", "wagtail_restrictions:serve", "wagtailcore_login"}


def collect_rows() -> list[Row]:
    """The rows of every module beside this one."""
    rows: list[Row] = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith("test_"):
            found = importlib.import_module(f"tests.permissions.{module.name}")
            rows.extend(getattr(found, "ROWS", []))
    return rows


def our_routes(
    patterns: Any = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str]]:
    """(route, name) of every pattern that is ours; a pattern of ours without a name has ''."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        plain = route.removeprefix("en/")
        desk = plain.startswith(OURS_AMONG_THEM) or any(
            ours.startswith(plain) for ours in OURS_AMONG_THEM
        )
        if plain.startswith(THIRD_PARTY) and not desk:
            continue
        if isinstance(pattern, URLResolver):
            space = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from our_routes(pattern.url_patterns, route, space)
        elif isinstance(pattern, URLPattern):
            name = ":".join(part for part in (namespace, pattern.name) if part)
            callback = pattern.callback
            if not callback.__module__.startswith(("wagtail.", "django.")):
                yield route, name if pattern.name else ""


ROWS = collect_rows()


def test_every_route_has_a_row_and_every_row_a_route():
    routes = {name: route for route, name in our_routes() if name}
    unnamed = [route for route, name in our_routes() if not name]
    assert unnamed == [], "A route without a name cannot have a row."
    named = {row.name for row in ROWS}
    assert sorted(set(routes) - named) == [], "Routes without a row in tests/permissions/."
    assert sorted(named - set(routes)) == [], "Rows of routes that are not there."


def test_a_row_names_every_role_and_a_write_looks_at_the_database():
    for row in ROWS:
        for role in ROLES:
            assert row.status(role), f"{row.id} says nothing of {role}."
        if row.method != "GET":
            assert row.check is not None, f"{row.id} writes and looks at nothing."


def _send(client: Client, row: Row, address: str, data: dict[str, Any]) -> Any:
    if row.method == "GET":
        return client.get(address, **row.extra)
    return client.generic(
        row.method,
        address,
        **{**_encoded(data), **row.extra},
    )


def _encoded(data: dict[str, Any]) -> dict[str, Any]:
    from urllib.parse import urlencode

    return {
        "data": urlencode(data, doseq=True),
        "content_type": "application/x-www-form-urlencoded",
    }


@pytest.fixture(scope="module")
def everybody(rows_of_the_module) -> World:
    return make_world()


@pytest.fixture
def world(tree, everybody) -> World:
    return replace(everybody, things={})


@pytest.fixture(scope="module")
def room(request: pytest.FixtureRequest, everybody: World, django_db_blocker: Any) -> Any:
    """The world with what the rows of one room have in common, made once for those rows."""
    with django_db_blocker.unblock(), rolled_back():
        yield furnish(everybody, request.param)


def _turn(world: World, row: Row, role: str, kwargs: dict[str, Any]) -> str:
    """Try one row as one role; '' or what is wrong."""
    cache.clear()
    # What a turn does to the things in hand is undone with it, as in the database.
    world = copy_of(world)
    client = world.client(role)
    if row.prepare is not None and not row.once:
        row.prepare(world, role, client)
    data = row.data(world, role)
    entries = AuditEntry.objects.count()
    response = _send(client, row, reverse(row.name, kwargs=kwargs) + row.query, data)
    wanted = row.status(role)
    if response.status_code not in (wanted if isinstance(wanted, frozenset) else {wanted}):
        return f"{row.id} as {role}: {response.status_code}, not {wanted}"
    done = row.lets_through(role)
    if not done and AuditEntry.objects.count() != entries:
        return f"{row.id} as {role}: refused, and yet something was written."
    if row.check is not None:
        row.check(world, role, done)
    return ""


def rows_by_address() -> list[Any]:
    """The rows that try the same things stand together: what is there is made once for them."""
    found: dict[Any, list[Row]] = {}
    for rows in by_room(ROWS).values():
        for row in rows:
            found.setdefault(row.name if row.kwargs is nothing else row.kwargs, []).append(row)
    return [pytest.param(room_of(rows[0]), rows, id=rows[0].id) for rows in found.values()]


@pytest.mark.parametrize(("room", "rows"), rows_by_address(), indirect=["room"], scope="module")
def test_who_may_do_what(tree, room, rows):
    faults = []
    world = copy_of(room)
    kwargs = rows[0].kwargs(world, ROLES[0])
    for row in rows:
        with rolled_back():
            made = world
            if row.prepare is not None and row.once:
                made = copy_of(world)
                row.prepare(made, "", None)
            for role in ROLES:
                with rolled_back():
                    faults.append(_turn(made, row, role, kwargs))
    assert [fault for fault in faults if fault] == []


def test_a_method_without_a_row_is_not_answered(world):
    by_name: dict[str, list[Row]] = {}
    for row in ROWS:
        by_name.setdefault(row.name, []).append(row)
    faults = []
    client = world.client("administrator")
    for name, rows in sorted(by_name.items()):
        for method in set(METHODS) - {row.method for row in rows}:
            address = reverse(name, kwargs=rows[0].kwargs(world, ROLES[0]))
            status = client.generic(method, address).status_code
            if status != 405:
                faults.append(f"{method} {name}: {status}")
    assert faults == []
