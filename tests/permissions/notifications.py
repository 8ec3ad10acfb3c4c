"""Notices of the own account, and sent mail in embedded mode."""

from __future__ import annotations

from typing import Any

from core import clock
from notifications.actions import notify
from notifications.models import DevMail, Notice
from tests.permissions.rows import Row, everyone, signed_in
from tests.permissions.world import World


def _notice(world: World, role: str) -> dict[str, Any]:
    (world.things["notice"],) = notify(
        kind="outcome",
        event_key="outcome:table",
        to=[world.account("citizen")],
        params={"title": {"en": "Waste charging"}, "bureau": {"en": "EPD"}},
        path="/consultations/",
    )
    return {"public_id": world.things["notice"].public_id}


def _read_by_its_owner_only(world: World, role: str, done: bool) -> None:
    read = Notice.objects.get(pk=world.things["notice"].pk).read_at is not None
    assert read == (role == "citizen")


def _prepared(world: World, role: str, client: Any) -> None:
    _notice(world, role)


def _mail(world: World, role: str) -> dict[str, Any]:
    mail = DevMail.objects.create(
        to="a@table.example", subject="x", text="x", html="<p>x</p>", sent_at=clock.now()
    )
    return {"public_id": mail.public_id}


ROWS = [
    Row("notifications:notices", "GET", signed_in()),
    Row(
        "notifications:open_notice",
        "GET",
        {"*": 404, "citizen": 302, "anonymous": 302, "suspended": 302},
        kwargs=_notice,
        check=_read_by_its_owner_only,
    ),
    Row(
        "notifications:read_all",
        "POST",
        signed_in(302, nobody=401),
        prepare=_prepared,
        check=_read_by_its_owner_only,
    ),
    Row("devmail:mails", "GET", everyone(200)),
    Row("devmail:one_mail", "GET", everyone(200), kwargs=_mail),
    Row("devmail:mail_html", "GET", everyone(200), kwargs=_mail),
]
