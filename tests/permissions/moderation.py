"""The queue, decisions and reports."""

from __future__ import annotations

from typing import Any

from moderation import registry
from moderation.models import Decision, Item, Report
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.factories.moderation import KIND, TARGET, make_item
from tests.factories.participation import make_citizen, make_comment
from tests.permissions.rows import Row, everyone, only
from tests.permissions.world import World


def _item(world: World, role: str) -> dict[str, Any]:
    registry.register(TARGET)
    world.things["author"] = make_account(name="Ah Ming")
    world.things["item"] = make_item(world.things["author"])
    return {"kind": KIND, "public_id": world.things["item"].public_id}


def _own_item(world: World, role: str) -> dict[str, Any]:
    registry.register(TARGET)
    author = world.account("moderator")
    author.display_name = "Ah Ming"
    author.save(update_fields=["display_name"])
    world.things["item"] = make_item(author)
    return {"kind": KIND, "public_id": world.things["item"].public_id}


def _target(world: World, role: str) -> dict[str, Any]:
    _item(world, role)
    return {"kind": KIND, "target_id": world.things["author"].public_id}


def _named(world: World, role: str) -> dict[str, Any]:
    author = world.things["author"] = make_citizen("Ah Ming")
    comment = make_comment(make_engagement(moderation_policy="after"), account=author)
    world.things["entry"] = comment.contribution
    return {"kind": "comment", "target_id": comment.contribution.public_id}


def _name_reported(world: World, role: str, done: bool) -> None:
    author, entry = world.things["author"], world.things["entry"]
    report = Report.objects.get()
    assert (report.kind, report.target_id) == ("name", author.public_id)
    assert Item.objects.get(kind="name", target_id=author.public_id).reports == 1
    # It raises, it never hides.
    entry.refresh_from_db()
    assert (entry.state, entry.name_withheld) == ("published", False)
    assert not Item.objects.filter(kind="comment", reports__gt=0).exists()


def _decision(world: World, role: str) -> dict[str, Any]:
    return {"verdict": "withhold", "rule": "r1", "sentence": "", "version": "1", "after": ""}


def _decided(world: World, role: str, done: bool) -> None:
    item = Item.objects.get(pk=world.things["item"].pk)
    assert item.state == ("decided" if done else "waiting")
    assert Decision.objects.filter(item=item).count() == int(done)


def _reported(world: World, role: str, done: bool) -> None:
    assert Report.objects.get().target_id == world.things["author"].public_id
    assert Item.objects.get().reports == 1
    world.things["author"].refresh_from_db()
    assert world.things["author"].display_name == "Ah Ming"


ROWS = [
    Row("moderation:queue", "GET", only("moderator")),
    Row("moderation:item", "GET", only("moderator", others=404), kwargs=_item),
    Row(
        "moderation:item",
        "POST",
        only("moderator", status=302, others=404, nobody=401),
        kwargs=_item,
        data=_decision,
        check=_decided,
    ),
    Row(
        "moderation:item",
        "POST",
        {**only(others=404, nobody=401), "moderator": 403},
        kwargs=_own_item,
        data=_decision,
        check=_decided,
        label="own text",
    ),
    Row("moderation:report", "GET", everyone(200), kwargs=_target),
    Row(
        "moderation:report",
        "POST",
        everyone(302),
        kwargs=_target,
        data=lambda world, role: {"rule": "r1", "note": ""},
        check=_reported,
    ),
    Row(
        "moderation:report",
        "POST",
        everyone(302),
        kwargs=_named,
        data=lambda world, role: {"rule": "r6", "note": "", "about": "name"},
        check=_name_reported,
        label="the name shown with it",
    ),
    Row("moderation:thanks", "GET", everyone(200), kwargs=_target),
]
