"""Officer of one bureau against every route and file of another: 404 throughout.

Generated from the table of addresses. A route with an argument that the table of
``fence_table.py`` cannot fill fails; what is tried really exists, and somebody sees it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Site

from accounts.models import Account
from consultations.models import ConsultationPage
from core import clock
from core.models import AuditEntry
from participation.actions.outcome_items import add_items
from tests.factories.accounts import make_administrator, make_bureau
from tests.factories.consultations import make_paper, make_paper_draft
from tests.permissions import fence_table as table
from tests.permissions.theirs import Theirs, both_roles, make_theirs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

BACKEND = "accounts.backends.AccountBackend"
VERBS = ("GET", "POST")
API_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Rows that say who is there, how often something was asked, or what a schedule did.
NOT_LOOKED_AT = {"sessions.Session", "core.LimitUse"}


@dataclass(frozen=True)
class Route:
    """One address with arguments. ``spaces`` are its names, the narrowest first."""

    path: str
    name: str
    arguments: tuple[str, ...]
    positional: bool

    @property
    def spaces(self) -> list[str]:
        parts = self.name.split(":")
        return [":".join(parts[:end]) for end in range(len(parts), 0, -1)]

    def address(self, values: Mapping[str, Any]) -> str:
        given = [str(values[one]) for one in self.arguments]
        if self.positional:
            return reverse(self.name, args=given)
        return reverse(self.name, kwargs=dict(zip(self.arguments, given, strict=True)))


def _arguments(pattern: Any) -> tuple[tuple[str, ...], bool]:
    if isinstance(pattern, RoutePattern):
        return tuple(pattern.converters), False
    if isinstance(pattern, RegexPattern):
        if pattern.regex.groupindex:
            return tuple(pattern.regex.groupindex), False
        return tuple(str(place) for place in range(pattern.regex.groups)), True
    return (), False


def routes(
    patterns: Any = None,
    path: str = "",
    namespace: str = "",
    given: tuple[str, ...] = (),
) -> Iterator[Route]:
    """Every address of the platform that takes arguments, ours and Wagtail's."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        names, positional = _arguments(pattern.pattern)
        whole = path + str(pattern.pattern).lstrip("^")
        found = (*given, *names)
        if isinstance(pattern, URLResolver):
            space = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from routes(pattern.url_patterns, whole, space, found)
        elif isinstance(pattern, URLPattern) and found:
            name = ":".join(part for part in (namespace, pattern.name) if part)
            yield Route(whole, name, found, positional)


ROUTES = list(dict.fromkeys(routes()))


def closed(route: Route) -> bool:
    return route.path.startswith(tuple(table.CLOSED))


def replaced(route: Route) -> bool:
    return route.path.startswith(tuple(table.REPLACED))


TRIED = [
    route
    for route in ROUTES
    if not closed(route) and not replaced(route) and route.name not in table.PUBLIC
]


def lookup(entries: Mapping[tuple[str, str], Any], route: Route, argument: str) -> Any:
    """The narrowest entry for an argument, or None."""
    for space in (*route.spaces, ""):
        if (space, argument) in entries:
            return entries[space, argument]
    return None


def hidden(route: Route) -> list[dict[str, Any]]:
    """Every set of arguments with which our officer must find nothing; [] when it is unknown."""
    values = [lookup(table.HIDDEN, route, argument) for argument in route.arguments]
    product = (
        [dict(zip(route.arguments, one, strict=True)) for one in itertools.product(*values)]
        if all(values)
        else []
    )
    return product + [dict(one) for one in table.BESIDE.get(route.name, ())]


def shown(route: Route) -> dict[str, Any]:
    """The arguments with which there is a page."""
    found = {}
    for argument in route.arguments:
        value = lookup(table.SHOWN, route, argument)
        if value is None:
            value = lookup(table.HIDDEN, route, argument)[0]
        found[argument] = value
    return found


def seen_by(route: Route) -> str:
    for space in route.spaces:
        if space in table.SEEN_BY:
            return table.SEEN_BY[space]
    return "officer"


@dataclass
class Scene:
    """Our officer, who approves too, and everything of theirs."""

    us: Account
    theirs: Theirs

    def client(self, who: str) -> Client:
        """Signed in as "us" or as one of theirs."""
        client = Client(raise_request_exception=False)
        account = self.us if who == "us" else getattr(self.theirs, who)
        client.force_login(account, backend=BACKEND)
        return client

    def fill(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.theirs.things.get(value, value) if isinstance(value, str) else value
            for name, value in values.items()
        }


@pytest.fixture(scope="module")
def scene(rows_of_the_module: None) -> Scene:
    """Nothing of it is changed: the tests look, and find that nothing was written."""
    return make_scene(make_theirs())


def make_scene(theirs: Theirs) -> Scene:
    """Our officer with a draft and a begun outcome of the own, beside everything of theirs."""
    ours = make_bureau("EPD")
    us = both_roles(ours, "officer@ours.example")
    own: ConsultationPage = make_paper_draft(bureau=ours, by=us, statements=[])
    _page, begun = make_paper(bureau=ours, by=us, statements=[], opens=-40, closes=-2)
    add_items(engagement=begun, targets=[("whole", "")], by=us)
    page = ConsultationPage.objects.get(pk=theirs["page"])
    session = EditingSession.objects.create(
        user=theirs.officer, content_object=page, last_seen_at=clock.now()
    )
    theirs.things.update(
        own_page=own.pk,
        own=begun.public_id,
        own_open=begun.public_id,
        session=session.pk,
        locale=Locale.objects.order_by("pk")[0].pk,
        site=Site.objects.order_by("pk")[0].pk,
        group=Group.objects.get(name="officer LCSD").pk,
        redirect=Redirect.objects.create(old_path="/old", redirect_link="/new").pk,
        public_path="consultations/lcsd/",
    )
    return Scene(us, theirs)


def digests() -> dict[str, str]:
    """A digest of all rows as the database holds them, by table."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.label in NOT_LOOKED_AT:
                continue
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')
            digest = hashlib.sha256()
            for row in cursor:
                digest.update(repr(row).encode())
            found[model._meta.label] = digest.hexdigest()
    return found


def test_every_argument_can_be_filled():
    unknown = [
        f"{route.name or route.path} {argument}"
        for route in TRIED
        for argument in route.arguments
        if lookup(table.HIDDEN, route, argument) is None and route.name not in table.BESIDE
    ]
    unknown += [route.path for route in TRIED if not route.name or not hidden(route)]
    assert unknown == [], "Routes that the fence's table cannot fill."
    names = {space for route in ROUTES for space in route.spaces} | {""}
    stale = [
        space
        for space in (
            *(space for space, _argument in (*table.HIDDEN, *table.SHOWN)),
            *table.BESIDE,
            *table.SEEN_BY,
            *table.PUBLIC,
        )
        if space not in names
    ]
    assert stale == [], "Entries of the fence's table without a route."


def test_another_bureaus_things_are_absent_whatever_the_verb(scene):
    us, administrator = scene.client("us"), scene.client("administrator")
    before, entries = digests(), AuditEntry.objects.count()
    faults, tried = [], 0
    for route in TRIED:
        allowed = {404, *table.ALIKE.get(route.name, ())[:1]}
        body = json.dumps(table.BODIES.get(route.name, {}))
        for values in hidden(route):
            address = route.address(scene.fill(values))
            for verb in API_VERBS if route.name.startswith("api:") else VERBS:
                cache.clear()
                sent = {"data": body, "content_type": "application/json"} if verb != "GET" else {}
                status = us.generic(verb, address, **sent).status_code
                tried += 1
                # A verb that the route answers to nobody says nothing of the thing.
                if status == 405 == administrator.generic(verb, address).status_code:
                    continue
                if status not in allowed:
                    faults.append(f"{verb} {route.name} {values}: {status}")
    after = digests()
    changed = [label for label, digest in after.items() if digest != before[label]]
    assert faults == [], "\n".join(faults)
    assert changed == [], "Refused, and yet rows were written."
    assert AuditEntry.objects.count() == entries
    assert tried > 500


def test_what_was_tried_is_there_for_those_whose_it_is(scene):
    clients = {
        who: scene.client(who)
        for who in ("officer", "author", "moderator", "juror", "administrator")
    }
    faults = []
    for route in TRIED:
        cache.clear()
        who = seen_by(route)
        client = clients[who] if who != "us" else _with_drafts(scene)
        address = route.address(scene.fill(shown(route)))
        status = client.get(address).status_code
        if status not in {table.INSTEAD.get(route.name, (200, ""))[0], 405}:
            faults.append(f"{route.name} as {who}: {status}")
    assert faults == [], "\n".join(faults)


def _with_drafts(scene: Scene) -> Client:
    """Our officer as a citizen, in the middle of writing a comment, a statement and a response."""
    client = scene.client("us")
    session = client.session
    session["drafts"] = {scene.theirs["survey"]: scene.theirs["draft_token"]}
    session["held_acts"] = {
        f"{kind}:{scene.theirs['open']}": token for kind, token in scene.theirs["typed"].items()
    } | {
        f"idea:{scene.theirs['their_contest']}": scene.theirs["typed_idea"],
        f"idea-vote:{scene.theirs['their_voting']}": scene.theirs["chosen_votes"],
    }
    session.save()
    return client


#: Ids that stand in a query and not in the path.
QUERIES = (
    "/cms/choose-page/chosen-multiple/?id={page}",
    "/cms/choose-page/chosen-multiple/?id={own_page}&id={live_page}",
    "/cms/images/chooser/chosen-multiple/?id={image}",
    "/cms/documents/chooser/chosen-multiple/?id={document}",
    *(
        f"/cms/bulk/wagtailcore/page/{act}/?id={{page}}"
        for act in ("delete", "move", "publish", "unpublish")
    ),
    "/cms/bulk/wagtailcore/page/delete/?id={own_page}&id={page}",
    "/cms/bulk/core/mediaimage/delete/?id={image}",
    "/cms/bulk/core/mediaimage/add_tags/?id={image}",
    "/cms/bulk/core/mediaimage/add_to_collection/?id={image}",
    "/cms/bulk/core/mediadocument/delete/?id={document}",
    "/cms/bulk/core/mediadocument/add_tags/?id={document}",
    "/cms/bulk/core/mediadocument/add_to_collection/?id={document}",
    "/cms/bulk/accounts/account/delete/?id={page}",
)


def test_an_id_in_a_query_leads_nowhere_either(scene):
    us = scene.client("us")
    before = digests()
    faults = []
    for query in QUERIES:
        address = query.format(**scene.theirs.things)
        for verb in VERBS:
            status = us.generic(verb, address).status_code
            if status not in ({404, 405} if verb == "POST" else {404}):
                faults.append(f"{verb} {query}: {status}")
    assert faults == []
    assert digests() == before


def test_closed_addresses_are_closed_to_administrators_too(tree, client):
    client.force_login(make_administrator(), backend=BACKEND)
    found = [route for route in ROUTES if route.name and (closed(route) or replaced(route))]
    faults = []
    for route in found:
        values = dict.fromkeys(route.arguments, "1")
        status = client.get(route.address(values)).status_code
        if status != 404 and not (route.path.startswith("cms/users/") and status == 302):
            faults.append(f"{route.name}: {status}")
    assert faults == []
    assert len(found) > 20


def test_no_list_of_files_shows_them(scene):
    """The CMS's own API and its choosers, which no argument narrows."""
    us, owner = scene.client("us"), scene.client("officer")
    for address in (
        "/cms/api/main/images/?fields=*",
        "/cms/api/main/documents/?fields=*",
        "/cms/images/chooser/results/",
        "/cms/documents/chooser/results/",
    ):
        assert "Secret" in owner.get(address).content.decode(), address
        answer = us.get(address)
        assert answer.status_code == 200, address
        assert "Secret" not in answer.content.decode(), address
    for kind in ("images", "documents"):
        number = scene.theirs["image" if kind == "images" else "document"]
        assert us.get(f"/cms/api/main/{kind}/find/?id={number}").status_code == 404
