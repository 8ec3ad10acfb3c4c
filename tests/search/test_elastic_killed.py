"""A worker killed by signal 9 in the middle of a bulk, and a server killed the same way."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from core import jobs
from core.alone import Taken, alone
from search.feeding import build, differences
from search.models import SearchChange, SearchDoc
from search.outbox import note
from search.tasks import TELLING
from search.writing import take_away
from tests.processes.running import environment, kill, start
from tests.search.live_index import put, put_scope
from tests.search.way import way_to

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.elasticsearch,
    pytest.mark.usefixtures("elasticsearch"),
]
WORKER = ("manage.py", "db_worker", "--queue-name", "*", "--no-reload", "--batch")
FORGETFUL = ("-m", "tests.processes.forgetful_worker")
MANY = 20


def killed_over_a_bulk(settings, worker: tuple[str, ...], mode: str) -> None:
    """Twenty documents are written and two taken away; the worker dies over telling it."""
    put_scope("open")
    for number in range(2):
        put(number, "垃圾站", "垃圾收費")
    build()
    take_away(SearchDoc.objects.all())
    note([put(100 + number, f"回收桶 {number}", "回收").pk for number in range(MANY)])
    with way_to(settings.ELASTICSEARCH["URL"]) as way:
        way.mode = mode
        env = environment() | {
            "SEARCH_ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": way.url(),
            "ELASTICSEARCH_INDEX": settings.ELASTICSEARCH["INDEX"],
        }
        process = start(*worker, env=env)
        try:
            assert way.halfway.wait(60)
        finally:
            kill(process)


def told_again() -> None:
    """What the next worker does: the killed one's job is given back, and done."""
    jobs.reclaim(older_than=dt.timedelta(0))
    # The database notices in a moment that the killed one is gone.
    end = time.monotonic() + 10
    while True:
        try:
            with alone(TELLING):
                break
        except Taken:
            assert time.monotonic() < end
            time.sleep(0.02)
    assert jobs.drain()
    assert not SearchChange.objects.exists()


@pytest.mark.parametrize("mode", ["half", "held"])
def test_what_was_being_told_is_told_again_and_nothing_is_lost(mirror, elastic, settings, mode):
    killed_over_a_bulk(settings, WORKER, mode)
    elastic.indices.refresh(index=mirror)
    # Half a question writes nothing, one without an answer all of it; it is not known which.
    assert elastic.count(index=mirror)["count"] == (2 if mode == "half" else MANY)
    assert SearchChange.objects.count() == MANY + 2
    told_again()
    assert differences() == []
    elastic.indices.refresh(index=mirror)
    assert elastic.count(index=mirror)["count"] == MANY


def test_the_control_a_worker_that_forgets_too_early_loses_all_of_it(mirror, settings):
    killed_over_a_bulk(settings, FORGETFUL, "half")
    told_again()
    assert len(differences()) == MANY + 2
