"""The process ends between any two steps: all of a redemption stands, or nothing (P10, F1).

Each point is tried by a process of its own, which ends there without closing anything, as by
kill -9. Afterwards the same press is made again, as a browser does that had no answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from django.db import connection, connections

from accounts.models import Account
from core import faults
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards import proof
from crowdtasks.rewards.actions import redeeming
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.models import Redemption, Reward, Unit
from tests.factories import rewards as make

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]

KEY = "the-same-press-again"
POINTS = ("locked", "unit", "taken", "written", "recorded", "spent", "committed")


def killed(job: Callable[[], object], at: str) -> int:
    """Run the job in a process that ends at a point; what it ended with."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ[faults.VARIABLE] = at
        try:
            job()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def press(reward: Reward, account: Account) -> Redemption:
    return make.redeem(reward, account, key=KEY)


def standing(reward: Reward, account: Account) -> tuple[int, int, int]:
    """Points left, redemptions, units taken."""
    return (
        balance_of(account.person).available,
        Redemption.objects.count(),
        Unit.objects.filter(reward=reward, taken_at__isnull=False).count(),
    )


@pytest.mark.parametrize("point", POINTS)
def test_a_redemption_stands_whole_or_not_at_all(tree, point):
    account, reward = make.rich(), make.make_reward()
    status = killed(lambda: press(reward, account), f"redeem.{point}")
    assert status == faults.STATUS
    whole = (900, 1, 1) if point == "committed" else (1000, 0, 0)
    assert standing(reward, account) == whole
    assert list(proof.faults()) == []
    press(reward, account)
    assert standing(reward, account) == (900, 1, 1)
    assert list(proof.faults()) == []


@pytest.mark.parametrize("point", ["returned", "recorded"])
def test_a_refund_stands_whole_or_not_at_all(tree, point):
    account, reward = make.rich(), make.make_reward()
    row, by = press(reward, account), make.manager()

    def back() -> None:
        refund_redemption(redemption=row, by=by, reason="It did not work.")

    assert killed(back, f"refund.{point}") == faults.STATUS
    assert standing(reward, account) == (900, 1, 1)
    back()
    assert standing(reward, account) == (1000, 1, 1)
    assert list(proof.faults()) == []


def test_the_control_a_half_that_was_committed_is_found(tree):
    """What is looked for can be seen: the same end after a commit too early."""
    account, reward = make.rich(), make.make_reward()

    def halfway(name: str) -> None:
        if name == "redeem.written":
            with connection.cursor() as cursor:
                cursor.execute("COMMIT")
            os._exit(faults.STATUS)

    def press_badly() -> None:
        redeeming.faults.point = halfway  # type: ignore[attr-defined]
        press(reward, account)

    assert killed(press_badly, "nowhere") == faults.STATUS
    assert standing(reward, account) == (1000, 1, 1)
    (fault,) = proof.faults()
    assert Redemption.objects.get().public_id in fault


def test_nothing_happens_where_no_point_is_named(monkeypatch):
    monkeypatch.delenv(faults.VARIABLE, raising=False)
    faults.point("redeem.locked")
    monkeypatch.setenv(faults.VARIABLE, "another")
    faults.point("redeem.locked")
