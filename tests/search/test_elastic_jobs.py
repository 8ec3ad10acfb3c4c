"""What the clock asks for and a worker does: no clock waits for a server, one build at a time."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from core import clock, jobs, schedule
from core.alone import alone
from core.models import ScheduleRun
from search import elastic_index, feeding, tasks
from search.feeding import BUILDING, build, differences, mend_index
from search.models import SearchChange
from search.outbox import note
from search.tasks import CATCH_UP, CATCHING_UP, NotTold, catch_up, feed_again, telling
from tests.search.live_index import put, put_scope
from tests.search.way import way_to

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.elasticsearch,
    pytest.mark.usefixtures("elasticsearch", "filled"),
]


@pytest.fixture
def slow(built, settings):
    """A server that takes questions and answers none."""
    with way_to(settings.ELASTICSEARCH["URL"]) as way:
        settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "URL": way.url()}
        way.mode = "silent"
        yield way


class TestTheClock:
    def test_asks_for_it_once_and_sends_nothing_itself(self, slow):
        for _minute in range(3):
            feed_again()
        assert slow.asked == 0
        assert jobs.unfinished(CATCH_UP) == 1

    def test_asks_again_where_a_worker_was_killed_over_it(self, built):
        feed_again()
        DBTaskResult.objects.update(status="RUNNING", started_at=clock.now())
        feed_again()
        note([put(600, "回收桶", "回收").pk])
        assert jobs.drain() >= 1
        assert not SearchChange.objects.exists()

    def test_says_on_its_row_that_nothing_was_told_for_long(self, slow, monkeypatch):
        note([put(600, "回收桶", "回收").pk])
        with clock.travel(dt.timedelta(minutes=11)):
            with pytest.raises(NotTold, match="since 20"):
                feed_again()
            only = {"search.feed_again": schedule._registry["search.feed_again"]}
            monkeypatch.setattr(schedule, "_registry", only)
            schedule.run_due()
        assert "NotTold" in ScheduleRun.objects.get(name="search.feed_again").last_error


class TestCatchingUp:
    def test_a_server_away_fails_no_job_and_is_one_line(self, built, settings, caplog):
        settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "URL": "http://127.0.0.1:1"}
        feed_again()
        jobs.drain()
        catch_up()
        assert not DBTaskResult.objects.failed().exists()
        assert caplog.text.count("Telling goes on without Elasticsearch") == 1

    def test_a_second_one_leaves_it_to_the_first(self, built):
        note([put(600, "回收桶", "回收").pk])
        with alone(CATCHING_UP):
            catch_up()
            assert SearchChange.objects.exists()
        catch_up()
        assert not SearchChange.objects.exists()

    def test_while_another_builds_it_tells_what_changes(self, built, elastic):
        for index in elastic_index.indexes(elastic):
            elastic.indices.delete(index=index)
        fresh = elastic_index.create(elastic)
        note([put(600, "回收桶", "回收").pk])
        with alone(BUILDING):
            catch_up()
        assert list(elastic_index.indexes(elastic)) == [fresh]
        assert not SearchChange.objects.exists()
        catch_up()
        assert differences() == []

    def test_one_worker_at_a_time_tells_and_takes_what_another_leaves_to_it(
        self, built, monkeypatch
    ):
        tell, told = feeding.feed, []

        def told_late() -> int:
            told.append(tell())
            if len(told) == 1:
                # A job of an act that comes just when the last was read.
                note([put(601, "回收箱", "回收").pk])
                tasks.feed()
            return told[-1]

        monkeypatch.setattr(feeding, "feed", told_late)
        note([put(600, "回收桶", "回收").pk])
        tasks.feed()
        assert told == [1, 1]
        assert not SearchChange.objects.exists()
        telling.answered()


class TestTwoBuilds:
    def test_the_second_is_refused_with_a_sentence_and_ends_nothing(self, built, elastic):
        half = elastic_index.create(elastic)
        before = set(elastic_index.indexes(elastic))
        with alone(BUILDING):
            for command in (build, lambda: call_command("search_rebuild", stdout=StringIO())):
                with pytest.raises(
                    (feeding.AnotherBuild, CommandError),
                    match=r"^Another build of the search index is running since 20",
                ):
                    command()
            assert set(elastic_index.indexes(elastic)) == before
        assert half in before
        build()
        assert half not in elastic_index.indexes(elastic)

    def test_one_that_lost_its_turn_puts_nothing_in_the_place_of_anything(
        self, built, elastic, monkeypatch
    ):
        if connection.vendor != "postgresql":
            pytest.skip("a file's lock is not lost")
        before = set(elastic_index.indexes(elastic))
        fill = feeding._all

        def ended():
            yield from fill()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                )

        monkeypatch.setattr(feeding, "_all", ended)
        with pytest.raises(feeding.ElasticsearchFailed, match="held this turn is gone"):
            build()
        assert set(elastic_index.indexes(elastic)) == before
        monkeypatch.undo()
        assert not mend_index()


def test_what_is_slow_holds_up_no_other_clock(slow, monkeypatch):
    """The schedule's own loop, with a server that answers nothing."""
    put_scope("own")
    note([put(600, "回收桶", "回收", scope="own").pk])
    monkeypatch.setattr(
        schedule,
        "_registry",
        {
            name: each
            for name, each in schedule._registry.items()
            if name in {"search.feed_again", "search.mend", "core.link_entries"}
        },
    )
    assert set(schedule.run_due()) == {"search.feed_again", "search.mend", "core.link_entries"}
    assert slow.asked == 0
