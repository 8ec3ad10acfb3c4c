"""Files of citizens: who is given the bytes, and who may change the files of an entry."""

from __future__ import annotations

from typing import Any

from participation.attachments import holders
from participation.models import Attachment, Contribution
from tests.factories.engagements import make_engagement
from tests.factories.files import TRAY, attach, hold_file, pdf, picture
from tests.factories.participation import make_comment
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World

BUREAU = {"citizen": 200, "officer": 200, "approver": 200}


def _entry(world: World, choice: str) -> Contribution:
    """An entry of the citizen, on an engagement whose comments may hold files."""
    engagement = make_engagement(bureau=world.epd, moderation_policy="after")
    holders.unregister("comment")
    holders.register(
        holders.Holder(kind="comment", verb="comment", accepts=lambda one: one.pk == engagement.pk)
    )
    author = world.account("citizen")
    if not author.display_name:
        author.display_name = "Table Citizen"
        author.save(update_fields=["display_name"])
    return make_comment(engagement, account=author, publish_choice=choice).contribution


def _file(world: World, choice: str) -> dict[str, Any]:
    if choice not in world.things:
        entry = _entry(world, choice)
        world.things[choice] = attach(entry, world.account("citizen"), content=picture())
    return {"public_id": world.things[choice].public_id}


def public(world: World, role: str) -> dict[str, Any]:
    """The address of a file of a public entry."""
    return _file(world, "name")


def confidential(world: World, role: str) -> dict[str, Any]:
    """The address of a file that the citizen sent to the bureau only."""
    return _file(world, "confidential")


def own(world: World, role: str) -> dict[str, Any]:
    """The address of the files of the citizen's entry."""
    if "entry" not in world.things:
        world.things["entry"] = _entry(world, "name")
    return {"public_id": world.things["entry"].public_id}


def _held(world: World, role: str, client: Any) -> None:
    """Whoever asks has put a file on the tray of this very form."""
    entry = world.things["entry"]
    hold_file(entry.engagement, pdf(), "plan.pdf")
    session = client.session
    session["file_trays"] = {f"entry:{entry.public_id}": TRAY}
    session.save()


def _added(world: World, role: str, done: bool) -> None:
    rows = Attachment.objects.filter(contribution=world.things["entry"])
    assert [row.person for row in rows] == ([world.account("citizen").person] if done else [])


ROWS = [
    Row("participation:attachment", "GET", everyone(200), kwargs=public),
    Row(
        "participation:attachment",
        "GET",
        {"*": 404, **BUREAU},
        kwargs=confidential,
        label="confidential",
    ),
    Row("participation:attachment-picture", "GET", everyone(200), kwargs=public),
    Row(
        "participation:attachment-picture",
        "GET",
        {"*": 404, **BUREAU},
        kwargs=confidential,
        label="confidential",
    ),
    Row(
        "participation:files",
        "GET",
        {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302},
        kwargs=own,
    ),
    Row(
        "participation:files",
        "POST",
        {"*": 404, "citizen": 302, "anonymous": 302, "suspended": 302},
        kwargs=own,
        prepare=_held,
        check=_added,
        done=frozenset({"citizen"}),
    ),
]
