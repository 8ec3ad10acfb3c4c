"""Points and things against a small model: what is earned, held, spent on vouchers and prizes,
given back, corrected, merged, given up, in any order.

The ledger's machine with the acts of rewards: after each step no unit is with two people and as
many are free as the model says, after every few steps the proof of points and things. ``make
test-long`` goes 10,000 steps of it, and lets threads do the same.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from accounts.models import Account
from core import audit
from core.exceptions import Conflict, DomainError, Refused
from crowdtasks.ledger import proof as ledger_proof
from crowdtasks.ledger.actions import earn, grant_budget, release, reserve, take_back
from crowdtasks.ledger.models import AccountKind, EntryKind, Leg
from crowdtasks.ledger.reading import balance_of
from crowdtasks.ledger.rules import expires_at
from crowdtasks.rewards import proof
from crowdtasks.rewards.actions import refunds
from crowdtasks.rewards.actions.prizes import expire_prize
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.actions.stock import add_units
from crowdtasks.rewards.models import Redemption, RedemptionState, Reward, Unit
from tests.factories import rewards as make
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement
from tests.ledger.test_model import (
    LIMITS,
    PEOPLE,
    LedgerMachine,
    look_for_a_planted_fault,
    run,
    some,
)
from tests.participation.test_votes_race import together

pytestmark = pytest.mark.db

VOUCHER, PRIZE = 25, 40
MORE = {**LIMITS, "manage_rewards": ((10**9, 60),), "import_codes": ((10**9, 60),)}


class RewardsMachine(LedgerMachine):
    """The same with a voucher and a prize, of each a few in stock."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.pressed = count(1)
        opens = self.now - dt.timedelta(days=1)
        self.manager = make.manager()
        self.rewards = [
            make.make_reward(stock=4, points=VOUCHER, opens_at=opens),
            make.make_prize(stock=2, points=PRIZE, opens_at=opens, collect_days=20),
        ]
        self.left = [4, 2]
        #: Redemption, whose, which reward, and whether its points came back.
        self.had: list[tuple[Redemption, int, int]] = []
        self.returned: set[int] = set()

    @rule(who=PEOPLE, which=st.integers(0, 1))
    def redeem(self, who: int, which: int) -> None:
        reward, model = self.rewards[which], self.models[who]
        key = f"press-{next(self.pressed)}-of-the-model"

        def act() -> Redemption:
            return make.redeem(reward, self.accounts[who], key=key)

        left = sum(points for at, points in model.lots if expires_at(at) > self.now)
        if not self.left[which]:
            self.refused(act, Conflict)
            return
        if left < reward.points:
            self.refused(act, Refused, Conflict)
            return
        self.gone += model.drop_expired(self.now)
        row = act()
        assert act() == row
        model.take(reward.points)
        self.gone += reward.points
        self.left[which] -= 1
        self.had.append((row, who, which))

    @some("had")
    @rule(place=st.integers(0, 10**6))
    def give_back(self, place: int) -> None:
        row, who, which = self.had[place % len(self.had)]
        row.refresh_from_db()

        def act() -> None:
            refund_redemption(redemption=row, by=self.manager, reason="It did not work.")

        if row.pk in self.returned:
            self.refused(act, Conflict)
            return
        kept = row.state in (RedemptionState.RESERVED, RedemptionState.READY)
        act()
        self.came_back(row, who)
        self.left[which] += int(kept)

    def came_back(self, row: Redemption, who: int) -> None:
        """The points are the person's again; of one that was closed since, they are left behind."""
        self.returned.add(row.pk)
        self.gone -= row.points
        self.models[who].add(self.now, row.points)

    @some("had")
    @rule()
    def the_day_at_the_counter_is_over(self) -> None:
        """What nobody collected in time goes back into stock, its points to who spent them."""
        for row, who, which in self.had:
            if row.pk in self.returned:
                assert not expire_prize(redemption=row)
                continue
            row.refresh_from_db()
            if expire_prize(redemption=row):
                self.came_back(row, who)
                self.left[which] += 1

    @rule(number=st.integers(1, 2))
    def restock(self, number: int) -> None:
        add_units(reward=self.rewards[1], number=number, by=self.manager)
        self.left[1] += number

    def become_one(self, keep: int, gone: int) -> None:
        super().become_one(keep, gone)
        self.had = [(row, keep if who == gone else who, which) for row, who, which in self.had]

    def look(self, *, whole: bool) -> None:
        super().look(whole=whole)
        if whole:
            assert list(proof.faults()) == []
        free = Unit.objects.free()
        assert [free.filter(reward=reward).count() for reward in self.rewards] == self.left
        units = list(Redemption.objects.values_list("unit_id", flat=True))
        assert len(units) == len(set(units)) == len(self.had)


class LongMachine(RewardsMachine):
    """The same for long examples: their history is longer, so it is read more rarely."""

    whole_every = 10


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, **MORE}


@pytest.mark.django_db
def test_any_sequence_leaves_what_the_model_says():
    run(RewardsMachine, examples=2, steps=25)
    assert RewardsMachine.walked >= 24


@pytest.mark.long
@pytest.mark.django_db
def test_a_planted_fault_is_found(monkeypatch):
    """A prize that nobody collected is not put back into stock."""
    monkeypatch.setattr(refunds, "put_back", lambda *_args, **_named: None)
    with pytest.raises(AssertionError):
        look_for_a_planted_fault(RewardsMachine)


# Each example has a transaction of its own: in one for all, PostgreSQL drags every savepoint along.
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tree")
def test_ten_thousand_steps_leave_what_the_model_says():
    # Some examples end early: about 87 steps each were counted.
    run(LongMachine, examples=130, steps=100)
    print(LongMachine.walked, LongMachine.proved, dict(LongMachine.written))
    assert LongMachine.walked >= 10_000
    assert LongMachine.proved >= 1_000
    # Each kind of entry came up, but more points for what is open: there it is one act more.
    assert set(LongMachine.written) == set(EntryKind.values) - {EntryKind.TOP_UP}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tree")
def test_threads_that_do_anything_give_nothing_twice():
    """10,000 acts of eight threads on three people, one escrow, a voucher and a prize."""
    threads, acts = 8, 10_000
    engagement = make_engagement()
    named = {"by": "system", "reason": "For the race."}
    grant_budget(bureau=engagement.owner, points=100_000, key="grant", **named)
    reserve(engagement=engagement, points=90_000, by="system", key="reserve")
    people = [make_account() for _each in range(3)]
    rewards = [make.make_reward(stock=60, points=VOUCHER), make.make_prize(stock=30, points=PRIZE)]
    manager, lock = make.manager(), threading.Lock()
    strange: list[Exception] = []
    had: list[Redemption] = []
    done = dict.fromkeys(("earn", "hold", "release", "take_back", "redeem", "give_back"), 0)

    def act(what: str, dice: random.Random, seed: int, step: int) -> None:
        who, key = dice.choice(people), f"{seed}:{step}"
        earlier = f"{dice.randint(0, threads - 1)}:{dice.randint(0, step)}"
        if what in {"earn", "hold"}:
            earn(
                engagement=engagement,
                person=who.person,
                points=dice.randint(1, 20),
                key=key,
                review=what == "hold",
            )
        elif what == "release":
            release(entry_key=earlier, key=key)
        elif what == "take_back":
            take_back(entry_key=earlier, key=key, by="system", reason="Any.")
        elif what == "redeem":
            row = redeem_any(dice.choice(rewards), who, f"press-{key}-{'x' * 8}")
            with lock:
                had.append(row)
        elif had:
            refund_redemption(redemption=dice.choice(had), by=manager, reason="Any.")

    def redeem_any(reward: Reward, who: Account, key: str) -> Redemption:
        return make.redeem(reward, who, key=key)

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for step in range(acts // threads):
            what = dice.choice(list(done))
            try:
                act(what, dice, seed, step)
            except DomainError:
                continue
            except Exception as error:
                with lock:
                    strange.append(error)
                continue
            with lock:
                done[what] += 1

    together([lambda seed=seed: work(seed) for seed in range(threads)])
    assert strange == []
    print(done)
    assert all(done.values())
    assert ledger_proof.prove().faults == []
    assert list(proof.faults()) == []
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
    below = Leg.objects.filter(balance__lt=0).exclude(account__kind=AccountKind.SOURCE)
    assert not below.exists()
    units = list(Redemption.objects.values_list("unit_id", flat=True))
    assert len(units) == len(set(units)) <= 60 + 30 + done["give_back"]
    assert audit.verify().ok
    assert all(balance_of(who.person).available >= 0 for who in people)
