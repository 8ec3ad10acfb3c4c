"""Jobs: asking suppliers, ending what nobody collected, saying that little is left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core import clock
from core.each import each
from core.jobs import job
from core.schedule import periodic
from crowdtasks.rewards.actions import supplying
from crowdtasks.rewards.actions.prizes import expire_prize
from crowdtasks.rewards.actions.telling import tell_low
from crowdtasks.rewards.models import Redemption, RedemptionState, Reward

_AT_ONCE = 200


@job(supplying.ASK)
def ask(redemption_id: int) -> None:
    """Ask the supplier of one redemption, unless it is known what became of it."""
    row = Redemption.objects.filter(pk=redemption_id).first()
    if row is not None:
        supplying.ask_supplier(redemption=row)


@periodic("rewards.ask_suppliers_again", every=dt.timedelta(minutes=1))
def ask_again() -> None:
    """Whose answer is unknown is asked for again, each in its time and by a job of its own."""
    supplying.ask_again()


@periodic("rewards.expire_prizes", every=dt.timedelta(minutes=15))
def expire_prizes() -> None:
    """Prizes that nobody collected in time, each in a transaction of its own."""
    states = [RedemptionState.RESERVED, RedemptionState.READY]
    due = Redemption.objects.filter(state__in=states, collect_by__lte=clock.now())
    each(due.order_by("collect_by")[:_AT_ONCE], lambda row: expire_prize(redemption=row))


@periodic("rewards.tell_low_stock", every=dt.timedelta(hours=1))
def tell_low_stock() -> None:
    """Administrators hear once that little of a reward is left."""
    offered = Reward.objects.offered(clock.now()).filter(low_told=False).with_left()
    each((row for row in offered if row.left <= row.low_at), _tell_low)


@transaction.atomic
def _tell_low(row: Any) -> None:
    tell_low(row, row.left)
    Reward.objects.filter(pk=row.pk).update(low_told=True)
