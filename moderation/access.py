"""Every fetch of queue items at an edge; hidden and absent look the same."""

from __future__ import annotations

from accounts.models import Account
from core.exceptions import Absent, Refused, SignInNeeded
from moderation import policies, registry
from moderation.models import Item
from moderation.registry import Target, TargetView


def require_moderator(account: Account | None) -> Account:
    """The account, if it moderates; raises ``SignInNeeded`` for nobody, ``Refused`` for others."""
    if account is None:
        raise SignInNeeded
    if not policies.can_open_queue(account):
        raise Refused
    return account


def access_item(public_id: str, *, kind: str, by: Account | None, lock: bool = False) -> Item:
    """An item within the moderator's fence, in any state; ``Absent`` otherwise."""
    rows = policies.visible_items(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    item = rows.filter(public_id=public_id, kind=kind).first()
    if item is None or not registry.known(kind):
        raise Absent
    return item


def access_public_target(kind: str, target_id: str) -> tuple[Target, TargetView]:
    """A text that everybody can read now; ``Absent`` for hidden, withheld and unknown ones."""
    if not registry.known(kind):
        raise Absent
    target = registry.find(kind)
    view = target.load(target_id)
    if view is None or not view.public:
        raise Absent
    return target, view


def access_shown_name(target: Target, target_id: str) -> tuple[Target, TargetView]:
    """The name that everybody reads beside a public text; ``Absent`` where none can be read."""
    named = target.name_of(target_id) if target.name_of is not None else None
    if named is None:
        raise Absent
    return access_public_target(*named)
