"""One person tried a build with two accounts: rewarded once where that is still possible, and never
more than was set aside."""

import datetime as dt

import pytest

from core import audit, clock
from crowdtasks.ledger import proof
from crowdtasks.ledger.reading import budget_of, escrow_of
from crowdtasks.products.actions.ending import return_rest
from crowdtasks.products.models import Award
from crowdtasks.products.rewards_left import rewards_left
from tests.factories.ledger import points_of
from tests.factories.participation import make_citizen, merge
from tests.factories.products import hand_in, make_rewarded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _done_twice(row):
    keep, gone = make_citizen(), make_citizen()
    hand_in(row, gone)
    with clock.travel(dt.timedelta(minutes=20)):
        hand_in(row, keep)
    return keep, gone


def _states():
    return list(Award.objects.order_by("finished_at").values_list("state", "points"))


def test_held_points_of_the_second_go_back_and_are_somebody_elses():
    _page, row = make_rewarded(places=3, hold_days=7)
    keep, gone = _done_twice(row)
    aside = escrow_of(row.engagement)
    merge(keep, gone)
    assert _states() == [("accepted", row.reward), ("withdrawn", 0)]
    assert points_of(keep) == (0, row.reward)
    assert (escrow_of(row.engagement), rewards_left(row)) == (aside + row.reward, 2)
    assert proof.prove().ok
    assert audit.verify().ok


def test_points_of_both_that_may_be_spent_stay_and_take_two_rewards():
    _page, row = make_rewarded(places=3)
    keep, gone = _done_twice(row)
    merge(keep, gone)
    assert _states() == [("accepted", row.reward), ("over", row.reward)]
    assert points_of(keep) == (2 * row.reward, 0)
    assert (escrow_of(row.engagement), rewards_left(row)) == (row.reward, 1)
    third, late = make_citizen(), make_citizen()
    with clock.travel(dt.timedelta(minutes=40)):
        hand_in(row, third)
        hand_in(row, late)
    assert (points_of(third), points_of(late)) == ((row.reward, 0), (0, 0))
    with clock.travel(dt.timedelta(days=60)):
        before = budget_of(row.engagement.owner)
        return_rest(round=row)
    assert (escrow_of(row.engagement), budget_of(row.engagement.owner)) == (0, before)
    assert proof.prove().ok
