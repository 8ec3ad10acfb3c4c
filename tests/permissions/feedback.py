"""Reports: for officers of owner and partners, and administrators; absent for everybody else."""

from __future__ import annotations

from typing import Any

from core import clock
from feedback.models import Acknowledgement, Delivery, FilePiece, Making, ReportFile, Snapshot
from tests.factories.engagements import make_engagement
from tests.permissions.rows import Row, only
from tests.permissions.world import World

READERS = ("officer", "approver", "administrator")
BUREAU = ("officer", "approver")
DOCUMENT = (
    '{"engagement":{"attribution":{},"closes_at":null,"opens_at":null,"owner":{"en":"EPD"},'
    '"partners":[],"response_due":null,"title":{"en":"Paper"}},"sections":[],'
    '"taken_at":"2026-11-21T00:00:00+00:00","version":1}'
)


def _snapshot(world: World) -> Snapshot:
    if "snapshot" not in world.things:
        engagement = make_engagement(bureau=world.epd)
        now = clock.now()
        snapshot = Snapshot.objects.create(
            engagement=engagement,
            version=1,
            reason="close",
            taken_at=now,
            document=DOCUMENT,
            sha256="0" * 64,
        )
        file = ReportFile.objects.create(
            snapshot=snapshot, language="en", format="json", size=2, made_at=now
        )
        FilePiece.objects.create(file=file, number=1, content=b"{}")
        Delivery.objects.create(snapshot=snapshot, delivered_at=now, owed_by=now.date())
        world.things["snapshot"] = snapshot
        world.things["making"] = Making.objects.create(
            engagement=engagement, snapshot=snapshot, language="en", asked_at=now, state="running"
        )
    return world.things["snapshot"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _snapshot(world).engagement.public_id}


def _version(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "version": 1}


def _file(world: World, role: str) -> dict[str, Any]:
    return {**_version(world, role), "language": "en", "name": "json"}


def _making(world: World, role: str) -> dict[str, Any]:
    found = _id(world, role)
    return {**found, "making_id": world.things["making"].public_id}


def _made(world: World, role: str, done: bool) -> None:
    asked = set(Making.objects.exclude(asked_by=None).values_list("asked_by", flat=True))
    assert asked == ({world.account(role).pk} if done else set())


def _received(world: World, role: str, done: bool) -> None:
    names = list(Acknowledgement.objects.values_list("name", flat=True))
    assert names == (["Chan Tai Man"] if done else [])


def _readers(*roles: str, status: int = 200) -> Any:
    return only(*roles, status=status, others=404, nobody=302)


ROWS = [
    Row(
        "feedback:index",
        "GET",
        _readers("officer", "officer2", "approver", "administrator"),
    ),
    Row("feedback:report", "GET", _readers(*READERS), kwargs=_id),
    Row("feedback:frozen", "GET", _readers(*READERS), kwargs=_version),
    Row("feedback:making", "GET", _readers(*READERS), kwargs=_making),
    Row("feedback:download", "GET", _readers(*READERS), kwargs=_file),
    Row(
        "feedback:make",
        "POST",
        _readers(*READERS, status=302),
        kwargs=_id,
        check=_made,
        done=frozenset(READERS),
    ),
    Row(
        "feedback:make_files",
        "POST",
        _readers(*READERS, status=302),
        kwargs=_version,
        check=_made,
        done=frozenset(READERS),
    ),
    Row("feedback:acknowledge", "GET", _readers(*BUREAU), kwargs=_id),
    Row(
        "feedback:acknowledge",
        "POST",
        _readers(*BUREAU, status=302),
        kwargs=_id,
        data=lambda world, role: {"name": "Chan Tai Man"},
        check=_received,
        done=frozenset(BUREAU),
    ),
]
