"""Outcomes in public: everybody's once published, nobody's before; how bureaux answer."""

from __future__ import annotations

from typing import Any

from participation.actions.telling import mails_stop_path
from tests.factories.engagements import make_engagement
from tests.factories.outcomes import Desk, close, make_item, publish
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World


def _desk(world: World) -> Desk:
    engagement = make_engagement(bureau=world.epd, moderation_policy="after")
    close(engagement)
    desk = Desk(engagement, world.account("officer"), world.account("approver"))
    make_item(desk)
    return desk


def _public(world: World, role: str) -> dict[str, Any]:
    desk = _desk(world)
    publish(desk)
    return {"public_id": desk.engagement.public_id}


def _heard(world: World, role: str) -> dict[str, Any]:
    desk = _desk(world)
    publish(desk, "heard")
    return {"public_id": desk.engagement.public_id}


def _draft(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _desk(world).engagement.public_id}


def _token(world: World, role: str) -> dict[str, Any]:
    return {"token": mails_stop_path(world.account("citizen")).split("/")[3]}


def _quiet(world: World, role: str, done: bool) -> None:
    """Whoever holds the mail may end it, and ends nobody else's."""
    assert world.account("citizen").mail_notices is not done
    assert world.account("citizen2").mail_notices


ROWS = [
    Row("participation:outcome", "GET", everyone(200), kwargs=_public),
    Row("participation:outcome", "GET", everyone(200), kwargs=_heard, label="heard"),
    Row("participation:outcome", "GET", everyone(404), kwargs=_draft, label="draft"),
    Row("participation:answering", "GET", everyone(200)),
    Row("participation:stop-mails", "GET", everyone(200), kwargs=_token),
    Row("participation:stop-mails", "POST", everyone(302), kwargs=_token, check=_quiet),
]
