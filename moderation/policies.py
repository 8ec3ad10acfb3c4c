"""Who may look into the queue and who may decide."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account, Role
from accounts.policies import grants_of
from moderation.models import Item
from moderation.querysets import ItemQuerySet


def _codes(account: Account | None, now: dt.datetime | None) -> set[str] | None:
    """The bodies this account moderates for; None means all of them."""
    grants = grants_of(account, now).filter(role=Role.MODERATOR)
    codes = set(grants.values_list("bureau__code", flat=True))
    return None if None in codes else {code for code in codes if code}


def can_open_queue(account: Account | None, now: dt.datetime | None = None) -> bool:
    """Whoever moderates, for the platform or for any body."""
    return grants_of(account, now).filter(role=Role.MODERATOR).exists()


def visible_items(account: Account | None, now: dt.datetime | None = None) -> ItemQuerySet:
    """The items this moderator may see: all, or those of the own bodies."""
    codes = _codes(account, now)
    rows: ItemQuerySet = Item.objects.all()
    if codes is None:
        return rows
    return rows.of_bureaux(codes) if codes else rows.none()


def can_see_item(account: Account | None, item: Item, now: dt.datetime | None = None) -> bool:
    """Whether the item is within the moderator's fence."""
    codes = _codes(account, now)
    return codes is None or (bool(item.bureau_code) and item.bureau_code in codes)


def moderates_for(account: Account | None, bureau_code: str) -> bool:
    """Whether the account moderates what this body owns."""
    codes = _codes(account, None)
    return codes is None or bureau_code in codes


def is_own(account: Account | None, author_id: str) -> bool:
    """Whether the account's person wrote it, under this account or another of the person."""
    return account is not None and bool(author_id) and account.person.public_id == author_id


def can_decide(account: Account | None, item: Item, now: dt.datetime | None = None) -> bool:
    """A moderator within the fence, and never on the own text."""
    return can_see_item(account, item, now) and not is_own(account, item.author_id)
