"""What is thrown at every address, and how each row of the permission table meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.database import rolled_back
from tests.hardening.harness import BAD_QUERIES, BAD_TEXTS, FORM, ODD_HEADERS, Attack, roles_of
from tests.permissions.common import by_room, copy_of, furnish
from tests.permissions.rows import Row
from tests.permissions.world import ROLES, World

#: One-click unsubscribing (RFC 8058): the mail program has no token, the address is the secret.
WITHOUT_TOKEN = {"participation:follow-stop", "participation:stop-mails", "search:saved-stop"}


@dataclass(frozen=True)
class Throw:
    """One way of attacking: ``act``, on the rows that ``aims_at``; ``deep``: not as nobody too."""

    act: Callable[[Attack], None]
    aims_at: Callable[[list[Row]], list[Row]]
    deep: bool = True


def each(world: World, throws: Iterable[Throw], chosen: list[Row], *, share: int = 1) -> list[str]:
    """Every throw on its rows among the chosen, as who gets furthest and as nobody.

    What rows of a room have in common is made once, what is behind an address once for all its
    rows, roles and throws, and each turn is rolled back. ``share``: each address meets one in so
    many of what a throw has.
    """
    faults: list[str] = []
    aims = [(throw, {id(row) for row in throw.aims_at(chosen)}) for throw in throws]
    for room, inside in by_room(chosen).items():
        alike: dict[Any, list[Row]] = {}
        for row in inside:
            alike.setdefault(row.kwargs, []).append(row)
        with rolled_back():
            furnished = furnish(world, room)
            for address, some in alike.items():
                with rolled_back():
                    made = copy_of(furnished)
                    kwargs = address(made, ROLES[0])
                    for row in some:
                        met = [throw for throw, aimed in aims if id(row) in aimed]
                        faults.extend(_met(met, made, row, kwargs, share))
    return faults


def _met(
    throws: Iterable[Throw], made: World, row: Row, kwargs: dict[str, Any], share: int
) -> Iterator[str]:
    """What went wrong when these were thrown at one row."""
    for throw in throws:
        for role in roles_of(row)[: 1 if throw.deep else 2]:
            with rolled_back():
                attack = Attack(made, row, role, kwargs, share=share)
                throw.act(attack)
                yield from attack.faults


def one_each(chosen: list[Row]) -> list[Row]:
    """One row for each address and method."""
    return list({(row.name, row.method): row for row in chosen}.values())


def addresses(chosen: list[Row]) -> list[Row]:
    """One row for each address."""
    return list({row.name: row for row in chosen}.values())


def writes(chosen: list[Row]) -> list[Row]:
    """One row for each address that takes a form."""
    return [row for row in one_each(chosen) if row.method == "POST"]


def ids_that_are_none(attack: Attack) -> None:
    for path in attack.dealt(list(attack.paths())):
        method = attack.row.method
        found = attack.send(method, path, what=path)
        if found.status_code < 300 and attack.row.name != "moderation:thanks":
            # (Thanks say the same whether or not there is such a text.)
            attack.faults.append(f"{attack.row.name} as {attack.role}: {path} answers")


def queries(attack: Attack) -> None:
    for query in attack.dealt(BAD_QUERIES):
        found = attack.send("GET", attack.address, query, what=query[:40])
        body = found.getvalue()
        if b"<svg>sent" in body or b"<script>sent" in body:
            attack.faults.append(f"{attack.row.name}: {query} comes back as markup")


def headers_and_methods(attack: Attack) -> None:
    for headers in attack.dealt(ODD_HEADERS):
        # As nobody: a broken cookie would sign the others out.
        attack.client = Client(raise_request_exception=False)
        found = attack.send("GET", attack.address, what=str(headers)[:60], **headers)
        if b"evil.example" in found.getvalue():
            attack.faults.append(f"{attack.row.name}: believes {headers}")
    for method in attack.dealt(("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD")):
        attack.send(method, attack.address, data=b"a=1", content_type=FORM, what=method)
    wrong = attack.send("GET", attack.address, what="host", HTTP_HOST="evil.example")
    if wrong.status_code != 400:
        attack.faults.append(f"{attack.row.name}: {wrong.status_code} for a foreign host")


def fields(attack: Attack) -> None:
    names = list(attack.data) or ["text"]
    for bad in attack.dealt(BAD_TEXTS):
        attack.form({**attack.data, **dict.fromkeys(names, bad)}, what=f"all {bad[:9]!r}")
    for name in names:
        twice = ["1", "2", attack.data.get(name, "")]
        for bad in attack.dealt(("", "a\x00b", "9" * 400, twice)):
            attack.form({**attack.data, name: bad}, what=f"{name} {str(bad)[:9]!r}")


def bodies(attack: Attack) -> None:
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
    for kind, body in attack.dealt(broken):
        attack.send("POST", attack.address, data=body, content_type=kind, what=kind[:40])
    many = b"&".join(b"f%d=1" % number for number in range(12_000))
    attack.form(many, what="many fields")
    attack.form({**attack.data, "text": "x" * 300_000}, what="300 kB")


def a_body_over_the_limit(attack: Attack) -> None:
    found = attack.form(b"text=" + b"x" * (2 * 1024 * 1024), what="2 MB")
    if found.status_code not in (413, 404, 302, 403, 401):
        attack.faults.append(f"{attack.row.name} as {attack.role}: {found.status_code}")


def forms_from_elsewhere(attack: Attack) -> None:
    """A form without the token of the page does nothing, and no page of ours may be framed."""
    if attack.row.name in WITHOUT_TOKEN:
        return
    session = attack.client.cookies.get("sessionid")
    refused = {403}
    if session is None and attack.row.name.startswith("api:"):
        # A forged form borrows somebody's session, and here is none; JSON no form can send.
        refused = {400, 403}
    attack.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if session is not None:
        attack.client.cookies["sessionid"] = session.value
    cookies = "; ".join(f"{name}={one.value}" for name, one in attack.client.cookies.items())
    for what, headers in (
        ("no token", {}),
        ("another's token", {"HTTP_COOKIE": f"{cookies}; csrftoken={'a' * 32}"}),
        ("foreign origin", {"HTTP_ORIGIN": "https://evil.example"}),
        ("no origin", {"HTTP_ORIGIN": "null"}),
    ):
        found = attack.form({**attack.data, "csrfmiddlewaretoken": "b" * 32}, what=what, **headers)
        if found.status_code not in refused:
            attack.faults.append(f"{attack.row.name}: {found.status_code}, {what}")
        if found.headers["X-Frame-Options"] not in {"DENY", "SAMEORIGIN"}:
            attack.faults.append(f"{attack.row.name}: may be framed")


THROWS = (
    Throw(ids_that_are_none, one_each, deep=False),
    Throw(queries, addresses, deep=False),
    Throw(headers_and_methods, addresses),
    Throw(fields, writes),
    Throw(bodies, writes),
    Throw(a_body_over_the_limit, writes),
    Throw(forms_from_elsewhere, writes),
)
