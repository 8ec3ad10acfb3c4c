"""Points returned: once, by one reversing entry that names the first."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, faults, limits
from core.exceptions import Conflict, Refused
from core.text import clean_text
from crowdtasks.ledger.actions import refund
from crowdtasks.rewards.actions.locking import lock_redemption
from crowdtasks.rewards.actions.telling import tell_ended
from crowdtasks.rewards.models import Batch, Redemption, RedemptionState, Unit
from crowdtasks.rewards.policies import can_manage_rewards

REASON_MAXIMUM = 300


@transaction.atomic
def refund_redemption(*, redemption: Redemption, by: Account, reason: str) -> Redemption:
    """Return the points of a redemption, with a sentence for its owner.

    A voucher's code is not given to anybody else, whoever has seen it; a prize that nobody
    collected goes back into stock. Raises ``Refused`` (no administrator, or one's own),
    ``Conflict`` when the points were returned before, ``Invalid`` without a reason, ``TooMany``.
    """
    limits.spend("manage_rewards", by.public_id)
    if not can_manage_rewards(by):
        raise Refused
    said = clean_text(reason, max_length=REASON_MAXIMUM, field="reason", multiline=False)
    row = lock_redemption(redemption)
    if row.person_id == by.person_id:
        raise Refused(_("Somebody else has to return your own points."))
    return _end(row, by=by, said=said)


@transaction.atomic
def refund_refused(*, redemption: Redemption) -> Redemption | None:
    """The same where the supplier said no; None when the redemption does not wait any more."""
    row = lock_redemption(redemption)
    if row.state != RedemptionState.WAITING:
        return None
    return _end(row, by=audit.SYSTEM, said="")


def _end(row: Redemption, *, by: Account | str, said: str) -> Redemption:
    if row.points_back:
        raise Conflict(_("These points were returned before."), code="refunded")
    was = row.state
    row.state, row.ended_at, row.reason, row.slot = (
        RedemptionState.REFUNDED,
        clock.now(),
        said,
        None,
    )
    row.ask_at = None
    return_points(row, by=by)
    row.save(update_fields=["state", "ended_at", "reason", "slot", "ask_at", "refund_key"])
    if was in (RedemptionState.RESERVED, RedemptionState.READY):
        put_back(row, by=by if isinstance(by, Account) else None)
    audit.record("reward.refund", actor=by, subject=row.public_id, rows=[row])
    tell_ended(row)
    faults.point("refund.recorded")
    return row


def return_points(row: Redemption, *, by: Account | str) -> None:
    """The reversing entry; the caller saves ``refund_key``. Inside the caller's transaction."""
    row.refund_key = f"reward-refund:{row.public_id}"
    said = row.reason or f"{row.get_state_display()} {row.public_id}"
    refund(entry_key=row.entry_key, key=row.refund_key, by=by, reason=said)
    faults.point("refund.returned")


def put_back(row: Redemption, *, by: Account | None) -> None:
    """A thing that was not collected can be given again: a new row of stock, of the same batch."""
    # Held: of a batch that is taken out of stock this very moment nothing comes back into it.
    batch = Batch.objects.select_for_update(no_key=True).get(pk=row.unit.batch_id)
    unit = Unit.objects.create(reward=row.reward, batch=batch, void_at=batch.withdrawn_at)
    audit.record("reward.restock", actor=by or audit.SYSTEM, subject=row.public_id, rows=[unit])
