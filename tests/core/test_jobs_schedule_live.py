"""Jobs, the schedule and live messages (fault catalogue F2, F9, F15, F17)."""

import asyncio
import datetime as dt
import threading

import pytest
from channels.layers import get_channel_layer
from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from modelsearch import index

from core import clock, jobs, live, schedule
from core.models import ScheduleRun

DAY = dt.timedelta(days=1)


@pytest.fixture
def ran(monkeypatch):
    """Jobs of this test only, and what they were called with."""
    monkeypatch.setattr(jobs, "_registry", {})
    calls = []

    @jobs.job("test.note")
    def note(*ids):
        calls.append(ids)

    @jobs.job("test.fail")
    def fail(number):
        calls.append((number,))
        raise RuntimeError("The mail server is away.")

    return calls


# --- jobs ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_runs_once_with_its_ids_and_in_order(ran):
    jobs.enqueue("test.note", 1, "abc", None)
    jobs.enqueue("test.note", 2)
    assert ran == []
    assert jobs.drain() == 2
    assert jobs.drain() == 0
    assert ran == [(1, "abc", None), (2,)]


@pytest.mark.django_db
def test_what_was_asked_for_can_be_taken_back_until_it_begins(ran):
    later = clock.now() + DAY
    jobs.enqueue("test.note", "opened", 1, run_after=later)
    jobs.enqueue("test.note", "opened", 2, run_after=later)
    jobs.enqueue("test.fail", 1, run_after=later)
    assert jobs.forget("test.note", "opened", 1) == 1
    assert jobs.forget("test.note", "opened", 1) == 0
    with clock.travel(DAY):
        jobs.drain()
    assert ran == [("opened", 2), (1,)]


@pytest.mark.django_db
def test_an_unknown_name_and_an_argument_that_is_no_id_are_refused_at_once(ran):
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("test.nothing", 1)
    with pytest.raises(TypeError):
        jobs.enqueue("test.note", {"text": "a"})
    assert not DBTaskResult.objects.exists()


def test_one_name_belongs_to_one_function(ran):
    with pytest.raises(ValueError, match="already"):
        jobs.job("test.note")(lambda: None)
    assert jobs.registered() == ("test.fail", "test.note")


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_job_is_asked_for_in_the_transaction(ran):
    class Stop(Exception):
        pass

    def ask_and_stop():
        with transaction.atomic():
            jobs.enqueue("test.note", 1)
            raise Stop

    with pytest.raises(Stop):
        ask_and_stop()
    assert jobs.drain() == 0
    assert ran == []


@pytest.mark.db
@pytest.mark.django_db
def test_a_job_runs_in_one_instant(ran):
    seen = []
    jobs.job("test.clock")(lambda: seen.append((clock.now(), clock.now())))
    jobs.enqueue("test.clock")
    with clock.scope():
        outer = clock.now()
        jobs.drain()
    assert seen[0][0] == seen[0][1]
    assert seen[0][0] >= outer


@pytest.mark.db
@pytest.mark.django_db
def test_a_failing_job_is_tried_five_times_with_growing_pauses(ran):
    jobs.enqueue("test.fail", 7)
    jobs.enqueue("test.note", 8)
    assert jobs.drain() == 2
    assert ran == [(7,), (8,)]
    waits = []
    for attempt in range(2, jobs.MAX_ATTEMPTS + 1):
        row = DBTaskResult.objects.get(status=TaskResultStatus.READY)
        assert row.args_kwargs["args"] == ["test.fail", [7], attempt]
        with clock.travel((attempt - 2) * DAY):
            waits.append(row.run_after - clock.now())
            assert jobs.drain() == 0
        with clock.travel((attempt - 1) * DAY):
            assert jobs.drain() == 1
    assert waits == sorted(waits)
    assert waits[-1] > dt.timedelta(minutes=59)
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()
    assert DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count() == 5
    assert len(ran) == 6


@pytest.mark.django_db
def test_run_after_is_kept(ran):
    jobs.enqueue("test.note", 1, run_after=clock.now() + DAY)
    assert jobs.drain() == 0
    with clock.travel(2 * DAY):
        assert jobs.drain() == 1


@pytest.mark.db
@pytest.mark.django_db
def test_the_job_of_a_killed_worker_is_given_again(ran):
    jobs.enqueue("test.note", 1)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=clock.now())
    assert jobs.reclaim() == 0
    with clock.travel(dt.timedelta(minutes=31)):
        assert jobs.reclaim() == 1
        assert jobs.drain() == 1
    jobs.enqueue("test.note", 2)
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(
        status=TaskResultStatus.RUNNING, started_at=clock.now()
    )
    assert jobs.reclaim(dt.timedelta()) == 1
    jobs.drain()
    assert ran == [(1,), (2,)]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_the_real_worker_runs_our_jobs(ran):
    from django_tasks_db.management.commands.db_worker import Worker

    jobs.enqueue("test.note", 5)
    jobs.enqueue("test.fail", 6)
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
    assert sorted(ran) == [(5,), (6,)]
    statuses = sorted(DBTaskResult.objects.values_list("status", flat=True))
    assert statuses == ["FAILED", "READY", "SUCCESSFUL"]


# --- the schedule -------------------------------------------------------------------------------


@pytest.fixture
def ticks(monkeypatch):
    monkeypatch.setattr(schedule, "_registry", {})
    calls = []

    @schedule.periodic("test.daily", every=DAY)
    def daily():
        calls.append("daily")

    return calls


@pytest.mark.db
@pytest.mark.django_db
def test_a_periodic_job_runs_when_due_and_once_after_a_gap(ticks):
    assert schedule.run_due() == ["test.daily"]
    assert schedule.run_due() == []
    with clock.travel(dt.timedelta(hours=23)):
        assert schedule.run_due() == []
    with clock.travel(10 * DAY):
        assert schedule.run_due() == ["test.daily"]
        assert schedule.run_due() == []
    row = ScheduleRun.objects.get(name="test.daily")
    assert row.last_finished_at >= row.last_started_at
    assert ticks == ["daily", "daily"]


@pytest.mark.db
@pytest.mark.django_db
def test_a_clock_that_steps_back_runs_nothing_twice(ticks):
    schedule.run_due()
    with clock.travel(-dt.timedelta(hours=1)):
        assert schedule.run_due() == []


@pytest.mark.django_db
def test_a_failing_job_is_noted_and_stops_no_other(ticks):
    @schedule.periodic("test.a_broken", every=DAY)
    def broken():
        raise RuntimeError("no space")

    assert schedule.run_due() == ["test.a_broken", "test.daily"]
    row = ScheduleRun.objects.get(name="test.a_broken")
    assert row.last_error == "RuntimeError: no space"
    assert row.failures == 1
    with clock.travel(2 * DAY):
        schedule.run_due()
    row.refresh_from_db()
    assert row.failures == 2
    assert ticks == ["daily", "daily"]


@pytest.mark.db
@pytest.mark.django_db
def test_a_run_that_never_finished_is_taken_over_after_its_lease(monkeypatch, ticks):
    monkeypatch.setattr(schedule, "_registry", {})
    schedule.periodic("test.often", every=dt.timedelta(seconds=10))(lambda: ticks.append("often"))
    ScheduleRun.objects.create(name="test.often", last_started_at=clock.now())
    with clock.travel(dt.timedelta(minutes=5)):
        assert schedule.run_due() == []
    with clock.travel(dt.timedelta(hours=1, seconds=1)):
        assert schedule.run_due() == ["test.often"]


def test_the_register_refuses_two_functions_of_one_name_and_no_interval(ticks):
    with pytest.raises(ValueError, match="already"):
        schedule.periodic("test.daily", every=DAY)(lambda: None)
    with pytest.raises(ValueError, match="positive"):
        schedule.periodic("test.never", every=dt.timedelta())
    assert [one.name for one in schedule.registered()] == ["test.daily"]


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_parallel_schedulers_run_a_job_once(ticks):
    barrier = threading.Barrier(6)
    problems = []

    def tick():
        try:
            barrier.wait()
            schedule.run_due()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    for days in range(3):
        with clock.travel(days * 2 * DAY):
            threads = [threading.Thread(target=tick) for _number in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert problems == []
    assert ticks == ["daily"] * 3


def test_the_ground_links_the_audit_and_reclaims_jobs_by_itself():
    names = {one.name for one in schedule.registered()}
    assert {"core.link_entries", "core.reclaim_jobs"} <= names


@pytest.mark.django_db
def test_old_jobs_are_forgotten_and_failed_ones_kept_longer(ran):
    from core.tasks import tidy

    jobs.enqueue("test.note", 1)
    jobs.enqueue("test.fail", 2)
    jobs.drain()
    tidy()
    assert DBTaskResult.objects.count() == 3
    with clock.travel(8 * DAY):
        tidy()
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL).exists()
    assert DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).exists()
    with clock.travel(31 * DAY):
        tidy()
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["READY"]


@pytest.mark.django_db
def test_a_page_is_published_when_its_hour_has_come(tree):
    from core.tasks import publish_scheduled

    home = tree["en"]
    home.go_live_at = clock.now() - dt.timedelta(minutes=1)
    home.live = False
    home.save()
    revision = home.save_revision(approved_go_live_at=home.go_live_at)
    publish_scheduled()
    home.refresh_from_db()
    assert home.live
    assert home.live_revision_id == revision.pk


# --- live ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_out_after_the_commit_only():
    layer = get_channel_layer()

    async def join():
        await layer.group_add(live.group_name("e.abc"), "specific.test!a")

    async def receive():
        return await asyncio.wait_for(layer.receive("specific.test!a"), 5)

    asyncio.run(join())
    with transaction.atomic():
        live.announce("e.abc", {"new": 3})
        assert "specific.test!a" not in layer.channels or layer.channels["specific.test!a"].empty()
    message = asyncio.run(receive())
    assert message == {"type": "kaifong.announce", "topic": "e.abc", "payload": {"new": 3}}
    asyncio.run(layer.flush())


@pytest.mark.django_db(transaction=True)
def test_a_reader_on_the_sockets_loop_is_woken_from_another_thread():
    layer = get_channel_layer()

    async def main():
        live.remember_loop()
        await layer.group_add(live.group_name("e.xyz"), "specific.test!b")
        waiting = asyncio.ensure_future(layer.receive("specific.test!b"))
        await asyncio.sleep(0)
        thread = threading.Thread(target=live.announce, args=["e.xyz", {"n": 1}])
        thread.start()
        return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(main())["payload"] == {"n": 1}


@pytest.mark.django_db(transaction=True)
def test_a_layer_that_is_down_never_fails_a_write(settings, caplog):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1"]},
        }
    }
    from channels.layers import channel_layers

    before, channel_layers.backends = channel_layers.backends, {}
    try:
        with transaction.atomic():
            ScheduleRun.objects.create(name="written")
            live.announce("e.abc", {"new": 1})
    finally:
        channel_layers.backends = before
    assert ScheduleRun.objects.filter(name="written").exists()
    assert "A live message was not sent." in caplog.text


@pytest.mark.parametrize("topic", ["", "a*", "a b", "x" * 91, "主題", "a/b"])
def test_a_topic_is_a_plain_name(topic):
    with pytest.raises(ValueError, match="not a topic"):
        live.group_name(topic)


@pytest.mark.django_db
def test_what_the_cms_asks_for_several_times_over_is_done_once(tree, monkeypatch):
    jobs.drain()
    seen = []
    real = index.insert_or_update_object
    monkeypatch.setattr(
        index, "insert_or_update_object", lambda page: (seen.append(page.pk), real(page))
    )
    for _time in range(3):
        tree["en"].save()
    tree["zh-hant"].save()
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    asked = ready.count()
    assert asked == 8, "the index and the references, four times"
    assert jobs.drain() == asked
    assert not ready.exists()
    assert seen == [tree["en"].pk, tree["zh-hant"].pk]
    tree["en"].save()
    jobs.drain()
    assert seen[2:] == [tree["en"].pk]
