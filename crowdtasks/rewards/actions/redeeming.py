"""Points for a thing: looked at, spent and given in one transaction, once under any race.

The order is the promise: who can get nothing is told so first; then the person is locked, so that
one person's presses come one after the other; then one unit that nobody else holds, all by one
statement (``rewards.turns``); the ledger last, which looks whether the points suffice. The process
may end between any two steps (``core.faults``): all of it stands, or nothing.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from accounts.persons import living
from core import audit, clock, faults, jobs, limits
from core.exceptions import Closed, Conflict, DomainError, Refused
from core.writing import insert
from crowdtasks.ledger.actions import spend_locked
from crowdtasks.rewards.actions.supplying import ANSWERED_IN, ASK
from crowdtasks.rewards.actions.telling import tell_redeemed
from crowdtasks.rewards.models import Redemption, RedemptionState, Reward, Unit
from crowdtasks.rewards.policies import NONE_LEFT, NOT_ENOUGH, Verdict, judge
from crowdtasks.rewards.querysets import RedemptionQuerySet
from crowdtasks.rewards.sealing import digest, seal
from crowdtasks.rewards.slips import new_slip
from crowdtasks.rewards.turns import made_by, none_free, offer_of, take

KEY_MAXIMUM = 64
_REFUSALS: dict[str, type[DomainError]] = {
    "not-offered": Closed,
    "limit": Refused,
    "points": Refused,
}


def redeem_reward(
    *, reward: Reward, person: Person, account: Account, agreed: int, key: str
) -> Redemption:
    """Give one of the reward for ``agreed`` points: the price that was read before pressing.

    ``key`` is the form's: the same again returns what the first made. Raises ``Closed`` (not
    offered), ``Conflict`` (none left, the price changed, the key was used for something else),
    ``Refused`` (the limit a person, too few points), ``TooMany``.
    """
    limits.spend("redeem", person.public_id)
    key = key[:KEY_MAXIMUM]
    if none_free(reward):
        return _same(made_by(key), reward, living(person))
    row = _redeem(reward, person, account, agreed, key)
    faults.point("redeem.committed")
    return row


@transaction.atomic
def _redeem(reward: Reward, person: Person, account: Account, agreed: int, key: str) -> Redemption:
    turn = take(reward, person, key)
    if turn.made is not None or turn.unit is None or turn.person is None:
        return _same(turn.made, reward, turn.person or living(person))
    person, unit = turn.person, turn.unit
    faults.point("redeem.locked")
    # As it stands now, not as it was read before the press.
    unit.reward = offer_of(reward)
    row = _take(unit, person, agreed, key, slots=turn.slots)
    faults.point("redeem.written")
    audit.record("reward.redeem", actor=account, subject=row.public_id, rows=[row, row.unit])
    tell_redeemed(row, account)
    if row.state == RedemptionState.WAITING:
        jobs.enqueue(ASK, row.pk, behind=True)
    faults.point("redeem.recorded")
    try:
        spend_locked(person=person, points=row.points, key=row.entry_key)
    except Conflict as short:
        if short.code != "points_short":
            raise
        raise Refused(NOT_ENOUGH, code="points") from short
    faults.point("redeem.spent")
    return row


def _same(made: int | None, reward: Reward, person: Person) -> Redemption:
    """What this press has made before. Raises ``Conflict``: nothing, and nothing is left; or
    something else."""
    if made is None:
        raise Conflict(NONE_LEFT, code="sold-out")
    done = Redemption.objects.get(pk=made)
    if done.person_id != person.pk:
        # Merged a moment ago, it may be called another's.
        person = living(Person.objects.get(pk=person.pk))
    if (done.reward_id, done.person_id) != (reward.pk, person.pk):
        raise Conflict(_("This form was used before. Begin again."), code="key")
    return done


def counted(reward: Reward, person: Person) -> RedemptionQuerySet:
    """What the person has had of it that counts against the limit: points returned do not."""
    return Redemption.objects.filter(reward=reward, person=person, slot__isnull=False)


def _take(
    unit: Unit, person: Person, agreed: int, key: str, *, slots: frozenset[int]
) -> Redemption:
    """Write the redemption of the locked unit; whatever speaks against it raises first. ``slots``:
    those the person has of this reward."""
    faults.point("redeem.unit")
    reward, now = unit.reward, clock.now()
    # Whether the points suffice is the ledger's to say, under its own lock.
    _require(judge(reward, now=now, left=1, had=len(slots), available=None))
    if reward.points != agreed:
        raise Conflict(_("The price has changed meanwhile. Look at it again."), code="price")
    unit.taken_at = now
    unit.save(update_fields=["taken_at"])
    faults.point("redeem.taken")
    row = Redemption(
        reward=reward,
        person=person,
        unit=unit,
        points=reward.points,
        key=key,
        at=now,
        slot=next(number for number in range(1, len(slots) + 2) if number not in slots),
    )
    row.entry_key = f"reward:{row.public_id}"
    _begin(row, now)
    insert([row])
    return row


def _require(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise _REFUSALS[verdict.code](verdict.sentence, code=verdict.code)


def _begin(row: Redemption, now: dt.datetime) -> None:
    """The first state: a code at once, a supplier to be asked, or a prize to be laid out."""
    if row.reward.is_prize:
        slip = new_slip()
        row.state = RedemptionState.RESERVED
        row.slip_sealed, row.slip_digest = seal(slip), digest(slip)
        row.collect_by = now + dt.timedelta(days=row.reward.collect_days)
    elif row.reward.supplier:
        row.state, row.ask_at = RedemptionState.WAITING, now + ANSWERED_IN
    else:
        row.state = RedemptionState.GIVEN
