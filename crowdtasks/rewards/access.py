"""Every fetch of rewards at an edge; hidden and absent look the same."""

from __future__ import annotations

from accounts.models import Account, Person
from core import clock
from core.exceptions import Absent
from core.ids import is_public_id
from crowdtasks.rewards import policies
from crowdtasks.rewards.models import Batch, Redemption, Reward
from crowdtasks.rewards.sealing import digest
from crowdtasks.rewards.slips import clean_slip


def access_reward(public_id: str) -> Reward:
    """A reward of the catalogue, with ``left``. Raises ``Absent``."""
    rows = Reward.objects.offered(clock.now()).with_left().select_related("bureau", "picture")
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_managed_reward(public_id: str, *, by: Account | None) -> Reward:
    """Any reward, for administrators; ``Absent`` for everybody else."""
    if not policies.can_manage_rewards(by) or not is_public_id(public_id):
        raise Absent
    rows = Reward.objects.with_left().select_related("bureau", "picture")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def access_batch(public_id: str, *, by: Account | None) -> Batch:
    """A batch of stock, for administrators. Raises ``Absent``."""
    if not policies.can_manage_rewards(by) or not is_public_id(public_id):
        raise Absent
    row = Batch.objects.select_related("reward").filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def access_own_redemption(public_id: str, *, person: Person) -> Redemption:
    """One of the person's own. Raises ``Absent``."""
    rows = Redemption.objects.of(person).select_related("reward__bureau", "unit")
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def find_by_press(key: str, *, reward: str, person: Person) -> Redemption | None:
    """What the person's own press with this key has made of this reward; None for nothing."""
    if not key or not key.isprintable() or not is_public_id(reward):
        return None
    rows = Redemption.objects.of(person).filter(key=key, reward__public_id=reward)
    row: Redemption | None = rows.first()
    return row


def access_managed_redemption(public_id: str, *, by: Account | None) -> Redemption:
    """Any redemption, by the number its owner gave, for administrators. Raises ``Absent``."""
    if not policies.can_manage_rewards(by) or not is_public_id(public_id):
        raise Absent
    rows = Redemption.objects.select_related("reward__bureau", "unit")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def access_kept_prize(public_id: str, *, by: Account | None) -> Redemption:
    """A prize that waits at the counter of a body of this officer. Raises ``Absent``."""
    rows = Redemption.objects.kept_for(policies.counters_of(by))
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_prize_by_slip(typed: str, *, by: Account | None) -> Redemption:
    """The prize that a collection code opens, at the officer's own counter, in whatever state.

    Raises ``Absent`` for an unknown code and for another body's alike.
    """
    code = clean_slip(typed)
    rows = Redemption.objects.filter(
        reward__bureau__in=policies.counters_of(by), slip_digest__isnull=False
    ).select_related("reward__bureau")
    row = rows.filter(slip_digest=digest(code)).first() if code else None
    if row is None:
        raise Absent
    return row
