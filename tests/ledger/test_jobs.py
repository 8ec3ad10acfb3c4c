"""What the ledger does by the clock: once, whenever it runs, and only for whom it is due."""

import datetime as dt

import pytest

from core import clock
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import earn, spend
from crowdtasks.ledger.models import Entry, Hold
from crowdtasks.ledger.reading import balance_of
from crowdtasks.ledger.tasks import expire_points, release_held, tell_holders
from notifications.models import Notice
from tests.factories.accounts import make_account
from tests.factories.ledger import make_funded

pytestmark = [pytest.mark.db, pytest.mark.django_db]
START = dt.datetime(2027, 1, 10, tzinfo=dt.UTC)
EXPIRY = dt.datetime(2029, 1, 31, 16, tzinfo=dt.UTC)


@pytest.fixture
def people():
    """Two who earned in January, one who spent it, one who earned in February."""
    with clock.freeze(START):
        engagement = make_funded(1_000)
        found = [make_account().person for _each in range(4)]
        for number, person in enumerate(found[:3]):
            earn(engagement=engagement, person=person, points=100, key=f"jan:{number}")
        spend(person=found[1], points=100, key="all")
        spend(person=found[2], points=30, key="some")
    with clock.freeze(START + dt.timedelta(days=31)):
        earn(engagement=engagement, person=found[2], points=7, key="feb:2")
        earn(engagement=engagement, person=found[3], points=100, key="feb:3")
    return found


def test_points_are_written_off_once_for_whom_they_are_due(people):
    with clock.freeze(EXPIRY - dt.timedelta(seconds=1)):
        expire_points()
        assert not Entry.objects.filter(kind="expire").exists()
    # The job comes two months late, and twice.
    with clock.freeze(EXPIRY + dt.timedelta(days=20)):
        for _twice in range(2):
            expire_points()
        written = dict(Entry.objects.filter(kind="expire").values_list("person", "points"))
        assert written == {people[0].pk: 100, people[2].pk: 70}
        assert [balance_of(person).available for person in people] == [0, 0, 7, 100]
        assert proof.prove().faults == []


def test_holders_are_told_once_a_month_before(people):
    """Thirty days before, and not a day earlier; whoever has none left hears nothing."""
    with clock.freeze(EXPIRY - dt.timedelta(days=30, seconds=1)):
        tell_holders()
        assert not Notice.objects.filter(kind="points-expire").exists()
    with clock.freeze(EXPIRY - dt.timedelta(days=30)):
        for _twice in range(2):
            tell_holders()
    told = Notice.objects.filter(kind="points-expire")
    assert {notice.account.person: notice.params["points"] for notice in told} == {
        people[0]: 100,
        people[2]: 70,
    }
    assert told.count() == 2


def test_what_was_held_is_released_when_its_time_is_over_and_not_what_waits_for_a_review():
    with clock.freeze(START):
        engagement = make_funded(100)
        person = make_account().person
        week = START + dt.timedelta(days=7)
        earn(engagement=engagement, person=person, points=10, key="time", hold_until=week)
        both = {"hold_until": week, "review": True}
        earn(engagement=engagement, person=person, points=20, key="both", **both)
        release_held()
        assert Hold.objects.count() == 2
    with clock.freeze(week):
        for _twice in range(2):
            release_held()
        assert (balance_of(person).available, balance_of(person).pending) == (10, 20)
        assert Hold.objects.get().entry.key == "both"
        # They last from the day they became available.
        assert balance_of(person).next_expiry == dt.datetime(2029, 1, 31, 16, tzinfo=dt.UTC)
