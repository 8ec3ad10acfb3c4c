"""Prizes at the counter: laid out, handed over once, or not collected in time."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid, Refused
from crowdtasks.rewards.actions.locking import lock_redemption
from crowdtasks.rewards.actions.refunds import put_back, return_points
from crowdtasks.rewards.actions.telling import tell_ended, tell_ready
from crowdtasks.rewards.models import Redemption, RedemptionState
from crowdtasks.rewards.policies import counters_of
from crowdtasks.rewards.sealing import Code, digest

_KEPT = (RedemptionState.RESERVED, RedemptionState.READY)


@transaction.atomic
def lay_out(*, redemption: Redemption, by: Account) -> Redemption:
    """Say that the prize waits at the counter; its owner is told once.

    Raises ``Refused`` for who hands out nothing for this body, ``Conflict``, ``TooMany``.
    """
    row = _at_counter(redemption, by)
    if row.state != RedemptionState.RESERVED:
        raise Conflict(_("This prize is not waiting to be laid out."))
    row.state, row.ready_at = RedemptionState.READY, clock.now()
    row.save(update_fields=["state", "ready_at"])
    audit.record("reward.ready", actor=by, subject=row.public_id, rows=[row])
    tell_ready(row)
    return row


@transaction.atomic
def hand_over(*, redemption: Redemption, slip: Code | None, by: Account) -> Redemption:
    """Mark it collected, once, against its code. One's own prize is handed over by somebody else.

    Raises ``Refused``, ``Invalid`` for another code, ``Conflict`` when it was collected, came too
    late or was refunded, ``TooMany``.
    """
    row = _at_counter(redemption, by)
    if slip is None or row.slip_digest is None or digest(slip) != row.slip_digest:
        raise Invalid(_("This is not the collection code of this prize."), field="slip")
    if row.person_id == by.person_id:
        raise Refused(_("Somebody else has to hand over your own prize."))
    if row.state == RedemptionState.COLLECTED:
        raise Conflict(_("This prize was collected before."), code="collected")
    now = clock.now()
    if row.state not in _KEPT or (row.collect_by is not None and now >= row.collect_by):
        raise Conflict(_("This prize is not kept any more."), code="over")
    row.state, row.collected_at, row.handed_by = RedemptionState.COLLECTED, now, by
    row.save(update_fields=["state", "collected_at", "handed_by"])
    audit.record("reward.collect", actor=by, subject=row.public_id, rows=[row])
    return row


def _at_counter(redemption: Redemption, by: Account) -> Redemption:
    limits.spend("reward_counter", by.public_id)
    row = lock_redemption(redemption)
    if not row.reward.is_prize or not counters_of(by).filter(pk=row.reward.bureau_id).exists():
        raise Refused
    return row


@transaction.atomic
def expire_prize(*, redemption: Redemption) -> bool:
    """End a prize that nobody collected in time; whether its points return is the reward's rule.

    Safe to run again: False when there was nothing to do.
    """
    row = lock_redemption(redemption)
    now = clock.now()
    if row.state not in _KEPT or row.collect_by is None or now < row.collect_by:
        return False
    row.state, row.ended_at = RedemptionState.EXPIRED, now
    if row.reward.returns_uncollected:
        return_points(row, by=audit.SYSTEM)
        row.slot = None
    row.save(update_fields=["state", "ended_at", "slot", "refund_key"])
    put_back(row, by=None)
    audit.record("reward.expire", actor=audit.SYSTEM, subject=row.public_id, rows=[row])
    tell_ended(row)
    return True
