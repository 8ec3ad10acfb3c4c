"""The breaker before a server that failed: closed, open, and half open."""

from __future__ import annotations

import pytest

from core.alone import alone
from search import breaker as module
from search import feeding, tasks
from search.breaker import Breaker


@pytest.fixture
def at(monkeypatch) -> list[float]:
    """The seconds that have gone by, in a list of one."""
    gone = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: gone[0])
    return gone


def test_open_it_lets_nothing_through(at, caplog):
    held = Breaker("Search", pause=10.0)
    assert held.passes()
    held.failed("away")
    assert not held.passes()
    at[0] += 9.9
    assert not held.passes()
    assert [record.message for record in caplog.records] == [
        "Search goes on without Elasticsearch: away"
    ]


def test_half_open_it_lets_one_through_and_holds_the_others_back(at):
    held = Breaker("Search", pause=10.0)
    held.failed("away")
    at[0] += 10.0
    assert [held.passes() for _question in range(3)] == [True, False, False]
    # The one that asks never comes back: after a pause another may try.
    at[0] += 10.0
    assert [held.passes() for _question in range(2)] == [True, False]


def test_half_open_the_answer_closes_it_and_a_failure_opens_it_again(at, caplog):
    held = Breaker("Search", pause=10.0)
    held.failed("away")
    at[0] += 10.0
    assert held.passes()
    held.failed("still away")
    at[0] += 9.9
    assert not held.passes()
    at[0] += 0.1
    assert held.passes()
    held.answered()
    assert [held.passes() for _question in range(3)] == [True, True, True]
    assert [record.message for record in caplog.records] == [
        "Search goes on without Elasticsearch: away",
        "Search goes on with Elasticsearch.",
    ]


@pytest.mark.django_db
def test_a_build_that_runs_already_is_no_failure_of_the_server(settings, monkeypatch) -> None:
    settings.SEARCH_ENGINE = "elasticsearch"
    # As after the database came back from a backup: telling it again is of no use.
    monkeypatch.setattr(feeding, "differences", lambda: ["one"])
    monkeypatch.setattr(feeding, "repair", len)
    monkeypatch.setattr(tasks, "telling", telling := Breaker("Telling"))
    with alone(feeding.BUILDING):
        tasks.mend_all()
    assert telling.passes()
