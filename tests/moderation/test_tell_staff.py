"""Moderators are told once a day, in the day, when something waits for them."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from moderation.tasks import tell_staff
from notifications.models import Notice
from tests.factories.accounts import make_account, make_bureau, make_moderator, make_staff
from tests.factories.moderation import make_item

pytestmark = [pytest.mark.django_db, pytest.mark.db]

MORNING = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)  # 9 o'clock in Hong Kong
NIGHT = dt.datetime(2026, 11, 2, 15, 0, tzinfo=dt.UTC)  # 23 o'clock


def test_nothing_waiting_tells_nobody():
    make_moderator()
    with clock.freeze(MORNING):
        assert tell_staff() == 0


def test_one_notice_a_day_however_many_wait_and_none_at_night():
    with clock.freeze(NIGHT - dt.timedelta(days=1)):
        moderator = make_moderator()
        make_item(make_account(name="First"), urgent_at=MORNING + dt.timedelta(hours=5))
        assert tell_staff() == 0
    with clock.freeze(MORNING):
        assert tell_staff() == 1
        make_item(make_account(name="Second"))
        assert tell_staff() == 0
    with clock.freeze(MORNING + dt.timedelta(hours=6)):
        assert tell_staff() == 0
    with clock.freeze(MORNING + dt.timedelta(days=1)):
        assert tell_staff() == 1
    first = Notice.objects.filter(account=moderator).earliest("pk")
    assert first.params == {
        "count": 1,
        "oldest_at": (NIGHT - dt.timedelta(days=1)).isoformat(),
        "closing_today": 1,
    }


def test_each_is_told_of_the_own_queue_without_the_own_texts():
    with clock.freeze(MORNING):
        everywhere, here = make_moderator(name="Self"), make_staff("moderator", make_bureau("EPD"))
        elsewhere = make_staff("moderator", make_bureau("LCSD"))
        make_item(everywhere, bureau_code="EPD")
        assert tell_staff() == 1
    assert Notice.objects.get().account == here
    make_item(make_account(name="First"), bureau_code="EPD")
    with clock.freeze(MORNING):
        assert tell_staff() == 1
    assert not Notice.objects.filter(account=elsewhere).exists()
