"""What a press costs, whom it waits for, and whose it is when its person changed meanwhile."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions.verification import merge_persons
from accounts.models import Person
from accounts.persons import lock_person
from core import clock
from core.exceptions import Conflict
from crowdtasks.rewards import proof
from crowdtasks.rewards.models import Redemption, Unit
from tests.factories import rewards as make
from tests.factories.together import beside

at_once = pytest.mark.django_db(transaction=True)
waits = pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time.")


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "redeem": ((100_000, 60),)}


def asked(press) -> list[str]:
    """The statements of one press, but for what begins and ends a transaction."""
    with clock.fresh_scope(), CaptureQueriesContext(connection) as caught:
        press()
    around = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return [one["sql"] for one in caught if not one["sql"].startswith(around)]


@pytest.mark.db
@pytest.mark.django_db
def test_a_press_costs_so_many_statements_however_much_was_redeemed(citizen):
    """The time, the turn, the offer, the unit, the redemption, two entries of the trail, the
    notice and its job, and four of the ledger; who gets nothing asks for the time and the turn."""
    reward = make.make_reward(stock=30, points=1)
    make.redeem(reward, citizen)
    # SQLite looks before the transaction, and takes one statement after the other.
    wanted = 13 if connection.vendor == "postgresql" else 16
    assert len(asked(lambda: make.redeem(reward, citizen))) == wanted
    for _each in range(20):
        make.redeem(reward, citizen)
    assert len(asked(lambda: make.redeem(reward, citizen))) == wanted
    Unit.objects.free().update(void_at=clock.now())

    def none_left() -> None:
        with pytest.raises(Conflict) as refused:
            make.redeem(reward, citizen)
        assert refused.value.code == "sold-out"

    assert len(asked(none_left)) == (2 if connection.vendor == "postgresql" else 3)


@pytest.mark.db
@pytest.mark.django_db
def test_who_closed_the_account_redeems_nothing(citizen):
    reward = make.make_reward()
    Person.objects.filter(pk=citizen.person_id).update(erased_at=clock.now())
    with pytest.raises(Conflict) as refused:
        make.redeem(reward, citizen)
    assert refused.value.code == "erased"
    assert not Redemption.objects.exists()


@waits
@at_once
def test_who_comes_when_all_are_gone_waits_for_nobody(tree):
    account, reward = make.rich(), make.make_reward(stock=1)
    make.redeem(reward, make.rich())
    with transaction.atomic():
        lock_person(account.person)
        refused = beside(lambda: make.redeem(reward, account)).result()
    assert isinstance(refused, Conflict)
    assert refused.code == "sold-out"


@waits
@at_once
def test_a_press_that_waits_for_a_merge_is_of_who_is_left(tree):
    gone, keep, reward = make.rich(), make.rich(), make.make_reward(points=1_500)
    with transaction.atomic():
        merge_persons(keep=keep.person, gone=gone.person, by="system")
        press = beside(lambda: make.redeem(reward, gone, key="pressed-while-merging"))
    row = press.result()
    assert row.person_id == keep.person_id
    # The same press again, by the account as it was read before the merge, finds it.
    assert make.redeem(reward, gone, key="pressed-while-merging") == row
    assert Unit.objects.filter(taken_at__isnull=False).count() == 1
    assert list(proof.faults()) == []
