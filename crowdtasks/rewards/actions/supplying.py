"""Codes from outside: asked for after the points are spent, until it is known what became of it.

The request runs outside every transaction. What it brought is written under the row's lock, so two
jobs that ask at once (with the same key, so for the same code) leave one code.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from core import audit, clock, faults, jobs
from crowdtasks.rewards.actions.locking import lock_redemption
from crowdtasks.rewards.actions.refunds import refund_refused
from crowdtasks.rewards.actions.telling import tell_given
from crowdtasks.rewards.models import Redemption, RedemptionState, Unit
from crowdtasks.rewards.sealing import Code, digest, seal
from crowdtasks.rewards.suppliers import NoCode, Unknown, supplier_of

logger = logging.getLogger(__name__)

#: Pauses between tries; the last one repeats until an administrator ends it.
PAUSES = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=3),
)

ASK = "rewards.ask_supplier"
#: How long a job that was asked for has to say what became of it, before it is asked for again.
ANSWERED_IN = jobs.LOST_AFTER
#: How many requests wait or run at once: a supplier that is silent holds each for ten seconds.
IN_FLIGHT = 10


def ask_again(*, most: int = IN_FLIGHT) -> int:
    """Ask for a job for each redemption whose time has come, the longest waiting first; how many.

    Nothing is requested here, so the clock goes on. Safe to run twice and at once: whoever moves
    ``ask_at`` on enqueues. No more are asked for than leaves ``most`` unfinished ones.
    """
    now = clock.now()
    due = Redemption.objects.filter(state=RedemptionState.WAITING, ask_at__lte=now)
    room = most - jobs.unfinished(ASK)
    asked = 0
    for pk in due.order_by("ask_at", "pk").values_list("pk", flat=True)[: max(0, room)]:
        with transaction.atomic():
            if due.filter(pk=pk).update(ask_at=now + ANSWERED_IN):
                jobs.enqueue(ASK, pk, behind=True)
                asked += 1
    return asked


def key_of(redemption: Redemption) -> str:
    """What the supplier knows this redemption by, at every try."""
    return f"kaifong-{redemption.public_id}"


@sensitive_variables()
def ask_supplier(*, redemption: Redemption) -> RedemptionState:
    """Ask once, and write down what became of it; safe to run again and twice at once.

    Returns the state after it. While that is ``WAITING`` the points are spent and the redemption
    says so; it is asked again with the same key.
    """
    row = Redemption.objects.select_related("reward__bureau", "unit").get(pk=redemption.pk)
    if row.state != RedemptionState.WAITING:
        return RedemptionState(row.state)
    try:
        code = supplier_of(row.reward.supplier).code_for(
            key=key_of(row), product=row.reward.product
        )
    except NoCode:
        faults.point("supply.refused")
        ended = refund_refused(redemption=row)
        return RedemptionState(ended.state) if ended else _state(row)
    except Unknown as unknown:
        logger.warning("A supplier's answer is unknown.", extra={"kind": unknown.why})
        return _wait_on(row)
    faults.point("supply.answered")
    try:
        return _keep(row, code)
    except IntegrityError:
        # A code that somebody has already: it is given to nobody else, whoever erred.
        logger.error("A supplier sent a code that was given before.")
        return _wait_on(row)


@transaction.atomic
@sensitive_variables()
def _keep(redemption: Redemption, code: Code) -> RedemptionState:
    row = lock_redemption(redemption)
    if row.state != RedemptionState.WAITING:
        return RedemptionState(row.state)
    unit = Unit.objects.select_for_update().get(pk=row.unit_id)
    unit.sealed, unit.digest = seal(code), digest(code)
    unit.save(update_fields=["sealed", "digest"])
    row.state, row.ask_at, row.asked = RedemptionState.GIVEN, None, row.asked + 1
    row.save(update_fields=["state", "ask_at", "asked"])
    faults.point("supply.kept")
    audit.record("reward.supplied", actor=audit.SYSTEM, subject=row.public_id, rows=[row, unit])
    tell_given(row)
    return RedemptionState.GIVEN


@transaction.atomic
def _wait_on(redemption: Redemption) -> RedemptionState:
    row = lock_redemption(redemption)
    if row.state == RedemptionState.WAITING:
        row.ask_at = clock.now() + PAUSES[min(row.asked, len(PAUSES) - 1)]
        row.asked += 1
        row.save(update_fields=["ask_at", "asked"])
    return RedemptionState(row.state)


def _state(redemption: Redemption) -> RedemptionState:
    return RedemptionState(Redemption.objects.get(pk=redemption.pk).state)
