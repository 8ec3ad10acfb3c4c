"""What the ledger does by the clock; each part is safe to run twice, late, or beside itself."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from core import clock
from core.each import each
from core.exceptions import Conflict
from core.schedule import periodic
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import expire, release
from crowdtasks.ledger.actions.telling import tell_of_expiry, tell_of_faults
from crowdtasks.ledger.expiry import due_now
from crowdtasks.ledger.models import Hold

logger = logging.getLogger(__name__)

#: Transactions are short and one for each person: on SQLite a long one stops all others.
BATCH = 200


@periodic("ledger.release_held", every=dt.timedelta(minutes=5))
def release_held() -> None:
    """Release what was held for a time that is over."""
    each(_held_no_longer(), _release)


def _held_no_longer() -> Iterator[tuple[int, str]]:
    """The holds whose time is over, each once, whatever became of those before it."""
    passed: list[int] = []
    while True:
        due = Hold.objects.due(clock.now()).exclude(pk__in=passed).soonest()
        found = list(due.values_list("pk", "entry__key")[:BATCH])
        if not found:
            return
        yield from found
        passed += [pk for pk, _key in found]


def _release(found: tuple[int, str]) -> None:
    _pk, key = found
    try:
        release(entry_key=key, key=f"release:{key}")
    except Conflict:
        # Somebody released it or took it back meanwhile.
        logger.info("Points were not held any more.")


@periodic("ledger.expire", every=dt.timedelta(hours=1))
def expire_points() -> None:
    """Write off what has expired. Spending looks for itself, so this may be late."""
    each(due_now(clock.now()), lambda person: expire(person=person))


@periodic("ledger.tell_of_expiry", every=dt.timedelta(days=1))
def tell_holders() -> None:
    """Tell people that points of theirs expire with this month."""
    tell_of_expiry()


@periodic("ledger.prove", every=dt.timedelta(days=1))
def prove_ledger() -> None:
    """The nightly proof. Books that do not hold: administrators are told, the schedule shows it."""
    report = proof.prove()
    if not report.ok:
        tell_of_faults(len(report.faults) + report.more)
        raise proof.LedgerDoesNotHold(report)
