"""A moderated kind of text for tests: display names of accounts, through the real queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from accounts.models import Account
from core import clock
from core.exceptions import Absent
from moderation import actions, registry
from moderation.models import Item
from moderation.registry import Passage, Target, TargetView

KIND = "test-name"
TITLE = {"en": "Waste charging", "zh-hant": "都市固體廢物收費", "zh-hans": "都市固体废物收费"}
BUREAU = {
    "en": "Environmental Protection Department",
    "zh-hant": "環境保護署",
    "zh-hans": "环境保护署",
}


def view_of(account: Account) -> TargetView:
    """The display name as a text to be moderated; an empty one is withheld."""
    return TargetView(
        public_id=account.public_id,
        text=account.display_name,
        language="zh-hant",
        version=1,
        author_id=account.person.public_id,
        author_name=account.display_name,
        engagement_id="engagement01",
        title=TITLE,
        bureau=BUREAU,
        bureau_code="EPD",
        passages=(
            Passage(label="Paragraph 1.2", text="Every household pays by the bag.", language="en"),
        ),
        public=bool(account.display_name),
        public_path={"en": "/en/consultations/epd/waste/"},
        author_path="/account/",
    )


def load(public_id: str) -> TargetView | None:
    """One view, or None."""
    account = Account.objects.select_related("person").filter(public_id=public_id).first()
    return view_of(account) if account else None


def load_many(ids: Iterable[str]) -> Mapping[str, TargetView]:
    """All views in one query."""
    rows = Account.objects.select_related("person").filter(public_id__in=list(ids))
    return {account.public_id: view_of(account) for account in rows}


def _change(public_id: str, **changes: Any) -> None:
    if not Account.objects.filter(public_id=public_id).update(**changes):
        raise Absent


def publish(public_id: str, by: Account, version: int) -> None:
    """The room's own write: the account's language stands for a published state."""
    _change(public_id, language="zh-hans")


def withhold(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """The room's own write: the name goes from the public."""
    _change(public_id, display_name="")


TARGET = Target(
    kind=KIND,
    title="Test names",
    load=load,
    load_many=load_many,
    publish=publish,
    withhold=withhold,
)


@contextmanager
def target_registered() -> Iterator[Target]:
    """The kind is known inside the block only."""
    registry.register(TARGET)
    try:
        yield TARGET
    finally:
        registry.unregister(KIND)


def make_item(account: Account, **fields: Any) -> Item:
    """A waiting item for this account's name."""
    closes: dt.datetime | None = fields.pop("urgent_at", clock.now() + dt.timedelta(days=20))
    return actions.enqueue(
        kind=KIND,
        target_id=account.public_id,
        author_id=account.person.public_id,
        engagement_id="engagement01",
        bureau_code=fields.pop("bureau_code", "EPD"),
        urgent_at=closes,
        **fields,
    )
