"""Rewards for tests, made by the same actions as everybody's."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from accounts.models import Account, Person, Role
from core import clock
from crowdtasks.ledger.actions import earn, grant_budget, reserve
from crowdtasks.ledger.models import Entry
from crowdtasks.rewards.actions.catalogue import Details, create_reward, offer_reward
from crowdtasks.rewards.actions.redeeming import redeem_reward
from crowdtasks.rewards.actions.stock import add_units, import_codes
from crowdtasks.rewards.models import Redemption, Reward
from tests.factories.accounts import make_account, make_bureau, make_staff
from tests.factories.engagements import make_engagement

NAME = {"en": "Ferry voucher", "zh-hant": "渡輪換領券"}
WORDS = {"en": "One ride across the harbour.", "zh-hant": "乘搭渡輪過海一次。"}
TERMS = {"en": "Good for one ride.\nNot for sale.", "zh-hant": "只可乘搭一次。\n不得轉售。"}
WHERE = {"en": "Counter 3, on weekdays.", "zh-hant": "平日到三號櫃位。"}


def manager() -> Account:
    """An administrator; the same one in a test."""
    found = Account.objects.filter(email="stock@gov.example").first()
    return found or make_staff(Role.ADMINISTRATOR, None, "stock@gov.example")


def details(**more: Any) -> Details:
    """A voucher of the ferry for 100 points, open since an hour."""
    given: dict[str, Any] = {
        "bureau": make_bureau("LCSD"),
        "kind": "voucher",
        "points": 100,
        "per_person": None,
        "opens_at": clock.now() - dt.timedelta(hours=1),
        **more,
    }
    words = {"name": NAME, "summary": WORDS, "terms": TERMS, "collect_at": WHERE}
    given["texts"] = {**words, **given.get("texts", {})}
    return Details(**given)


def codes(number: int) -> list[str]:
    """Codes as a supplier makes them."""
    return [f"CANARY-{secrets.token_hex(12).upper()}" for _each in range(number)]


def make_reward(*, stock: int = 3, offered: bool = True, **more: Any) -> Reward:
    """A reward with ``stock`` of it: codes, or things at a counter."""
    by = manager()
    row = create_reward(details=details(**more), by=by)
    if stock and row.kind == "voucher" and not row.supplier:
        import_codes(reward=row, content="\n".join(codes(stock)).encode(), by=by)
    elif stock:
        add_units(reward=row, number=stock, by=by)
    return offer_reward(reward=row, by=by) if offered else row


def make_prize(**more: Any) -> Reward:
    """A tote bag to collect."""
    return make_reward(**{"kind": "prize", **more})


def give_points(person: Person, points: int) -> None:
    """Points that can be spent at once, by the way all points go: budget, escrow, person."""
    engagement = make_engagement()
    key = f"test-{engagement.public_id}"
    grant_budget(
        bureau=engagement.owner, points=points, by="system", reason="Tests", key=f"{key}-grant"
    )
    reserve(engagement=engagement, points=points, by="system", key=f"{key}-reserve")
    earn(engagement=engagement, person=person, points=points, key=f"{key}-earn")


def rich(points: int = 1000, email: str = "") -> Account:
    """A citizen with points to spend, earned as everybody's."""
    account = make_account(email)
    give_points(account.person, points)
    return account


def redeem(reward: Reward, account: Account, **more: Any) -> Redemption:
    """One press of the button."""
    given = {"agreed": reward.points, "key": f"key-{secrets.token_hex(8)}", **more}
    return redeem_reward(reward=reward, person=account.person, account=account, **given)


def entries_of(account: Account) -> list[Entry]:
    """The person's entries in the ledger, the oldest first."""
    return list(Entry.objects.filter(person=account.person).order_by("pk"))
