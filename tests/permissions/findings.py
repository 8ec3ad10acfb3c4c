"""Findings: reported by anybody in an open round, worked on by the bureau, read by all."""

from __future__ import annotations

from typing import Any

from crowdtasks.findings.actions.merging import merge_findings
from crowdtasks.findings.models import Finding
from tests.factories.findings import find, make_tested
from tests.permissions.api import _json
from tests.permissions.rows import Row, everyone, signed_in
from tests.permissions.world import World

OFFICE = {"*": 404, "officer": 200, "approver": 200, "anonymous": 302, "suspended": 302}
WRITES = {"*": 404, "officer": 302, "approver": 302, "anonymous": 302, "suspended": 302}
DONE = frozenset({"officer", "approver"})


def _round(world: World) -> Any:
    if "tested" not in world.things:
        world.things["tested"] = make_tested(bureau=world.epd)[0]
        world.things["finding"] = find(world.things["tested"])
        world.things["like it"] = find(world.things["tested"])
    return world.things["tested"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _round(world).engagement.public_id}


def _one(world: World, role: str) -> dict[str, Any]:
    found = _id(world, role)
    return {**found, "finding_id": world.things["finding"].contribution.public_id}


def _merged(world: World, role: str) -> dict[str, Any]:
    """The same, put to the other one by the approver."""
    found = _one(world, role)
    merge_findings(
        finding=world.things["finding"],
        into=world.things["like it"],
        by=world.account("approver"),
    )
    return found


def _csv(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "form": "csv"}


def _typed(world: World, role: str) -> dict[str, Any]:
    return {
        "happened": "It stops.",
        "severity": "hard",
        "publish_choice": "confidential",
        "key": f"table-{role}",
    }


def _reported(world: World, role: str, done: bool) -> None:
    assert Finding.objects.filter(happened="It stops.").exists() is done


def _choice(world: World, role: str) -> dict[str, Any]:
    return {"state": "planned", "known": "new"}


def _decided(world: World, role: str, done: bool) -> None:
    assert Finding.objects.filter(state="planned").exists() is done


def _into(world: World, role: str) -> dict[str, Any]:
    return {"into": world.things["like it"].contribution.public_id}


def _is_merged(world: World, role: str, done: bool) -> None:
    assert Finding.objects.filter(lead__isnull=False).exists() is done


def _is_apart(world: World, role: str, done: bool) -> None:
    assert Finding.objects.filter(lead__isnull=False).exists() is not done


COMMON = [_id]
ROWS = [
    Row("findings:mine", "GET", signed_in()),
    Row("findings:report", "GET", everyone(200), kwargs=_id),
    Row("findings:report", "POST", everyone(302), kwargs=_id, data=_typed, check=_reported),
    Row("findings:findings", "GET", everyone(200), kwargs=_id),
    Row("findings:board", "GET", OFFICE, kwargs=_id),
    Row("findings:observe", "GET", OFFICE, kwargs=_id),
    Row(
        "findings:observe",
        "POST",
        WRITES,
        kwargs=_id,
        data=_typed,
        check=_reported,
        done=DONE,
    ),
    Row("findings:export", "GET", OFFICE, kwargs=_csv),
    Row("findings:item", "GET", OFFICE, kwargs=_one),
    Row(
        "findings:item",
        "POST",
        WRITES,
        kwargs=_one,
        data=_choice,
        check=_decided,
        done=DONE,
    ),
    Row("findings:merge", "GET", OFFICE, kwargs=_one),
    Row("findings:merge", "POST", WRITES, kwargs=_one, data=_into, check=_is_merged, done=DONE),
    Row("findings:unmerge", "GET", OFFICE, kwargs=_one),
    Row("findings:unmerge", "POST", WRITES, kwargs=_merged, check=_is_apart, done=DONE),
    Row("api:findings", "GET", everyone(200), kwargs=_id),
    Row("api:finding-figures", "GET", everyone(200), kwargs=_id),
    Row(
        "api:findings",
        "POST",
        everyone(201),
        kwargs=_id,
        extra=_json({"happened": "It stops.", "severity": "hard"}),
        check=_reported,
    ),
]
