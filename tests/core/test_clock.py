import asyncio
import datetime as dt
import threading

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpResponse
from django.test import RequestFactory

from core import clock
from core.models import ScheduleRun

NOON = dt.datetime(2026, 12, 31, 4, 0, tzinfo=dt.UTC)


@pytest.mark.db
@pytest.mark.django_db
def test_outside_a_scope_each_call_asks_the_database(django_assert_num_queries):
    with django_assert_num_queries(2):
        first, second = clock.now(), clock.now()
    assert first.tzinfo is dt.UTC
    assert first <= second
    assert abs(dt.datetime.now(dt.UTC) - first) < dt.timedelta(minutes=1)


@pytest.mark.db
@pytest.mark.django_db
def test_a_scope_keeps_one_instant_and_an_inner_scope_keeps_the_outer(django_assert_num_queries):
    with django_assert_num_queries(1), clock.scope():
        first = clock.now()
        with clock.scope():
            assert clock.now() == first
        assert clock.now() == first
    with clock.scope():
        outer = clock.now()
        with clock.fresh_scope():
            assert clock.now() >= outer
        assert clock.now() == outer


@pytest.mark.db
@pytest.mark.django_db
def test_the_first_row_brings_the_time(django_assert_num_queries):
    ScheduleRun.objects.create(name="a")
    with django_assert_num_queries(1), clock.scope():
        row = clock.with_now(ScheduleRun.objects.all()).get()
        clock.note(row)
        assert clock.now() == row.db_now
        later = clock.with_now(ScheduleRun.objects.all())
        row.db_now = NOON
        clock.note(row)
        assert clock.now() != NOON
        assert later is not None


def test_note_outside_a_scope_and_of_a_row_without_time_does_nothing():
    clock.note(ScheduleRun(name="a"))
    with clock.scope():
        clock.note(ScheduleRun(name="a"))


def test_freeze_and_travel_hold_in_other_threads_and_end():
    seen = []
    with clock.freeze(NOON):
        with clock.travel(dt.timedelta(hours=1)):
            thread = threading.Thread(target=lambda: seen.append(clock.now()))
            thread.start()
            thread.join()
        assert clock.now() == NOON
    assert seen == [NOON + dt.timedelta(hours=1)]


@pytest.mark.django_db
def test_travel_moves_a_running_clock_also_inside_a_scope():
    with clock.scope():
        before = clock.now()
        with clock.travel(dt.timedelta(days=-1)):
            assert clock.now() == before - dt.timedelta(days=1)


def test_freezing_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.freeze(dt.datetime(2026, 1, 1)):
        pass


@pytest.mark.django_db
def test_the_middleware_gives_each_request_one_instant():
    seen = []

    def view(request):
        seen.append((clock.now(), clock.now()))
        return HttpResponse("ok")

    middleware = clock.ClockMiddleware(view)
    for _round in range(2):
        assert middleware(RequestFactory().get("/")).status_code == 200
    assert seen[0][0] == seen[0][1]
    assert seen[0][0] < seen[1][0] or seen[0][0] <= seen[1][0]
    assert clock._scope.get() is None


@pytest.mark.django_db(transaction=True)
def test_below_asynchronous_handlers_each_request_has_its_own_instant():
    async def view(request):
        first = await sync_to_async(clock.now)()
        await asyncio.sleep(0)
        return HttpResponse(f"{first.isoformat()} {(await sync_to_async(clock.now)()).isoformat()}")

    middleware = clock.ClockMiddleware(view)

    async def both():
        requests = [RequestFactory().get("/") for _number in range(4)]
        return await asyncio.gather(*[middleware(request) for request in requests])

    for response in asyncio.run(both()):
        first, second = response.content.decode().split()
        assert first == second


@pytest.mark.django_db
def test_a_thread_that_works_for_the_request_has_its_instant():
    with clock.scope():
        instant = clock.now()
        assert async_to_sync(sync_to_async(clock.now))() == instant


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_paper_closes_at_the_same_instant_wherever_the_server_stands(zone, monkeypatch):
    """T1, T2: "until 31 December" ends at midnight in Hong Kong; the last second still counts."""
    import time
    from zoneinfo import ZoneInfo

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        closes_at = dt.datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Hong_Kong"))
        assert closes_at == dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)
        last = dt.datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Asia/Hong_Kong"))
        with clock.freeze(last):
            assert clock.now() < closes_at
            with clock.travel(dt.timedelta(microseconds=1)):
                assert not clock.now() < closes_at
    finally:
        monkeypatch.undo()
        time.tzset()
