"""What only PostgreSQL ends because of others: a deadlock, a transaction at a stricter level."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Account
from core import again as net
from tests.core.test_again import elsewhere, write_name
from tests.factories.accounts import make_account
from tests.factories.together import Beside

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]


def test_inside_a_transaction_nothing_is_done_again() -> None:
    account, calls = make_account(), []

    def act() -> None:
        calls.append(1)
        elsewhere(lambda: write_name(account, "The other"))
        Account.objects.filter(pk=account.pk).update(display_name="This one")

    @transaction.atomic
    def whole() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        Account.objects.get(pk=account.pk)
        net.again(act)

    with pytest.raises(OperationalError) as caught:
        whole()
    assert net.is_passing(caught.value)
    assert len(calls) == 1


def test_of_two_in_a_deadlock_both_are_done() -> None:
    one, two = make_account(), make_account()
    barrier = threading.Barrier(2)
    calls: list[str] = []

    def work(name: str, first: Account, second: Account) -> str:
        met = name in calls
        calls.append(name)
        with transaction.atomic():
            Account.objects.select_for_update().get(pk=first.pk)
            if not met:
                barrier.wait(timeout=30)
            Account.objects.select_for_update().get(pk=second.pk)
        return name

    other = Beside(lambda: net.again(lambda: work("a", one, two)))
    assert net.again(lambda: work("b", two, one)) == "b"
    assert other.result() == "a"
    assert len(calls) == 3
