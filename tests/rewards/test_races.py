"""Many buyers at one instant: real threads, each with a connection of its own (P1, P2, P12)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Account
from core import clock
from core.exceptions import DomainError
from crowdtasks.ledger.actions import expire
from crowdtasks.ledger.models import Leg
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards import proof
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.models import Redemption, Reward, Unit
from tests.factories import rewards as make
from tests.participation.test_votes_race import together

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]

#: How many at once in the usual run, and in ``make test-long``.
sizes = pytest.mark.parametrize(
    "size",
    [
        pytest.param(12, id="short"),
        *(pytest.param(100, id=f"long{each}", marks=pytest.mark.long) for each in range(5)),
    ],
)


@pytest.fixture(autouse=True)
def no_limit(settings, tree):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "redeem": ((100_000, 60),)}


def sound() -> None:
    """Points and things tell the same story, and all legs sum to zero."""
    assert list(proof.faults()) == []
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0


def won(answers: list[Any]) -> list[Redemption]:
    """The redemptions among the answers; whatever else was raised is a refusal of the domain."""
    strange = [one for one in answers if not isinstance(one, Redemption | DomainError)]
    assert strange == []
    return [one for one in answers if isinstance(one, Redemption)]


def buy(reward: Reward, account: Account, **more: Any) -> Any:
    return lambda: make.redeem(reward, account, **more)


@sizes
def test_one_balance_is_spent_no_further_than_it_goes(size):
    account, reward = make.rich(points=500), make.make_reward(stock=size)
    rows = won(together([buy(reward, account) for _each in range(size)]))
    assert len(rows) == 5
    assert balance_of(account.person).available == 0
    assert len({row.unit_id for row in rows}) == 5
    sound()


@sizes
def test_the_last_one_has_one_buyer(size):
    reward = make.make_reward(stock=1)
    buyers = [make.rich(points=100) for _each in range(size)]
    answers = together([buy(reward, account) for account in buyers])
    (row,) = won(answers)
    refusals = [one.code for one in answers if isinstance(one, DomainError)]
    assert refusals == ["sold-out"] * (size - 1)
    assert Unit.objects.filter(taken_at__isnull=False).count() == 1
    spent = [one for one in buyers if balance_of(one.person).available == 0]
    assert [one.person_id for one in spent] == [row.person_id]
    sound()


def test_a_few_are_given_to_as_many():
    reward = make.make_reward(stock=4)
    buyers = [make.rich(points=100) for _each in range(12)]
    assert len(won(together([buy(reward, account) for account in buyers]))) == 4
    sound()


@pytest.mark.parametrize("stock", [8, 1], ids=["of-many", "of-one"])
def test_one_form_pressed_many_times_at_once_is_one(stock):
    """Of one in stock too: the other presses wait for the first instead of reading that none is
    left."""
    account, reward = make.rich(), make.make_reward(stock=stock)
    rows = won(together([buy(reward, account, key="one-form-sent-again")] * 8))
    assert len({row.pk for row in rows}) == 1
    assert len(rows) == 8
    assert balance_of(account.person).available == 900
    sound()


def test_the_limit_a_person_holds_at_once():
    account, reward = make.rich(), make.make_reward(stock=8, per_person=2)
    assert len(won(together([buy(reward, account) for _each in range(8)]))) == 2
    sound()


def test_a_refund_pressed_many_times_at_once_returns_once():
    account, by = make.rich(), make.manager()
    row = make.redeem(make.make_reward(), account)

    def back() -> Any:
        return refund_redemption(redemption=row, by=by, reason="It did not work.")

    assert len(won(together([back] * 6))) == 1
    assert balance_of(account.person).available == 1000
    sound()


@pytest.mark.parametrize(("before", "given"), [(dt.timedelta(seconds=1), 1), (dt.timedelta(), 0)])
def test_points_that_expire_while_they_are_redeemed_do_one_of_the_two(before, given):
    """P12: midnight, with the expiry's job and the buyer at the same instant."""
    account, reward = make.rich(points=100), make.make_reward()
    ends = balance_of(account.person).next_expiry
    assert ends is not None
    with clock.freeze(ends - before):
        jobs = [buy(reward, account), lambda: expire(person=account.person) and None]
        answers = [one for one in together(jobs) if one is not None]
        assert len(won(answers)) == given
        assert balance_of(account.person).available == 0
        sound()
