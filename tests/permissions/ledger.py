"""Points: everybody's own, and nobody else's; the books for administrators."""

from __future__ import annotations

from typing import Any

from core import clock
from crowdtasks.ledger.models import Entry, Proposal
from tests.factories.accounts import make_administrator
from tests.factories.ledger import fill_budget
from tests.permissions.rows import Row, only, signed_in
from tests.permissions.world import World

NOBODY = {"anonymous": 401, "suspended": 401}
ADMINISTRATOR = "administrator"


def _grant(world: World, role: str) -> dict[str, Any]:
    return {"bureau": world.epd.pk, "points": "50", "reason": "A year.", "key": "fourfourfour"}


def _granted(world: World, role: str, done: bool) -> None:
    assert Entry.objects.filter(kind="grant", points=50).exists() is done


def _proposed(world: World, role: str) -> dict[str, Any]:
    row = Proposal.objects.create(
        key="proposed",
        kind="grant",
        bureau=world.epd,
        points=200_000,
        reason="A year.",
        proposed_by=make_administrator().person,
        proposed_at=clock.now(),
    )
    return {"public_id": row.public_id}


def _agreed(world: World, role: str, done: bool) -> None:
    assert Entry.objects.filter(kind="grant", points=200_000).exists() is done
    assert Proposal.objects.filter(entry__isnull=False).exists() is done


def _nothing_moved(world: World, role: str, done: bool) -> None:
    assert not Entry.objects.filter(person=world.accounts["citizen"].person).exists()


def _whose(world: World, role: str) -> dict[str, Any]:
    return {"public_id": world.accounts["citizen"].public_id}


def _correction(world: World, role: str) -> dict[str, Any]:
    fill_budget(world.epd, 50)
    return {
        "what": "award",
        "points": "20",
        "bureau": world.epd.pk,
        "reason": "It came late.",
        "key": "fivefivefive",
    }


def _corrected(world: World, role: str, done: bool) -> None:
    assert Entry.objects.filter(kind="award", points=20).exists() is done


def _entry(world: World, role: str) -> dict[str, Any]:
    return {"public_id": fill_budget(world.epd, 70).public_id}


def _reversed(world: World, role: str, done: bool) -> None:
    assert Entry.objects.filter(kind="reversal", points=70).exists() is done


ROWS = [
    Row("ledger:books", "GET", only(ADMINISTRATOR)),
    Row("ledger:find_person", "GET", only(ADMINISTRATOR)),
    Row(
        "ledger:find_person",
        "POST",
        only(ADMINISTRATOR, status=302, nobody=401),
        data=lambda world, role: {"email": world.accounts["citizen"].email},
        check=_nothing_moved,
    ),
    Row("ledger:person", "GET", only(ADMINISTRATOR, others=404), kwargs=_whose),
    Row(
        "ledger:person",
        "POST",
        only(ADMINISTRATOR, status=302, others=404, nobody=401),
        kwargs=_whose,
        data=_correction,
        check=_corrected,
        done=frozenset({ADMINISTRATOR}),
    ),
    Row("ledger:entry", "GET", only(ADMINISTRATOR, others=404), kwargs=_entry),
    Row(
        "ledger:entry",
        "POST",
        only(ADMINISTRATOR, status=302, others=404, nobody=401),
        kwargs=_entry,
        data=lambda world, role: {"reason": "Wrong.", "key": "sixsixsixsix"},
        check=_reversed,
        done=frozenset({ADMINISTRATOR}),
    ),
    Row(
        "ledger:books",
        "POST",
        only(ADMINISTRATOR, status=302, nobody=401),
        data=_grant,
        check=_granted,
        done=frozenset({ADMINISTRATOR}),
    ),
    Row(
        "ledger:decide",
        "POST",
        only(ADMINISTRATOR, status=302, others=404, nobody=401),
        kwargs=_proposed,
        data=lambda world, role: {"verdict": "agree"},
        check=_agreed,
        done=frozenset({ADMINISTRATOR}),
    ),
    Row("ledger:my_points", "GET", signed_in()),
    Row("ledger:statement_file", "GET", signed_in()),
    Row("api:own-points", "GET", {"*": 200, **NOBODY}),
    Row("api:own-statement", "GET", {"*": 200, **NOBODY}),
]
