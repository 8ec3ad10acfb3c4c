"""A worker killed at any step of telling what is new tells nobody twice and leaves nobody out."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from accounts.models import Account
from core import faults
from core.alone import Taken, alone
from core.jobs import reclaim
from notifications.models import Notice
from search.actions.saving import save_search
from search.filters import Filters
from search.models import Every, SavedHit
from search.tasks import TELLING_PEOPLE, tell_now
from tests.factories.consultations import make_paper
from tests.factories.engagements import make_account
from tests.processes.running import environment, killed_at, run, start
from tests.rewards.test_faults import killed

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]

#: Each step, and how many hits stand after a process that ended there.
POINTS = {"answered": 0, "arrived": 0, "matched": 0, "due": 0, "told": 2, "noted": 2}
SCHEDULE = ("manage.py", "run_schedule", "--once")
WORKER = ("manage.py", "db_worker", "--queue-name", "*", "--no-reload", "--batch")


def waiting() -> list[Account]:
    """Two who keep one search and a third another, each with something new."""
    found = []
    for words in ("wombat", "wombat", "charging"):
        found.append(make_account())
        save_search(filters=Filters(text=words), every=Every.SOON, account=found[-1])
    make_paper(title="Wombat charging scheme")
    return found


def told() -> list[int]:
    rows = Notice.objects.filter(kind="saved-search").order_by("account")
    return list(rows.values_list("account", flat=True))


def nobody_tells() -> None:
    """The database notices in a moment that the killed one is gone."""
    end = time.monotonic() + 10
    while True:
        try:
            with alone(TELLING_PEOPLE):
                return
        except Taken:
            assert time.monotonic() < end
            time.sleep(0.02)


def test_killed_at_any_step_everybody_is_told_once():
    accounts = waiting()
    for point, hits in POINTS.items():
        assert killed(tell_now, f"saved.{point}") == faults.STATUS
        nobody_tells()
        assert told() == [], point
        assert SavedHit.objects.count() == hits, point
    for _again in range(2):
        tell_now()
        assert told() == [account.pk for account in accounts]


@pytest.mark.long
def test_a_worker_killed_from_outside_is_followed_by_one_that_tells(tmp_path: Path):
    accounts = waiting()
    sign = tmp_path / "held"
    run(*SCHEDULE)
    worker = start(*WORKER, env=environment(hold="saved.told", sign=sign))
    assert killed_at(worker, sign) == "saved.told"
    assert told() == []
    nobody_tells()
    # As when the killed one's half hour is over.
    assert reclaim(dt.timedelta(0)) == 1
    run(*WORKER)
    assert told() == [account.pk for account in accounts]
