"""How many sockets an address holds: one count for all processes; a killed one keeps none."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from participation import socket_seats
from participation.socket_seats import PER_SOURCE, SEAT, NoSeat

SOURCE = "address:192.0.2.7"

WORKER = """
import sys
from django.conf import settings
settings.configure(
    SECRET_KEY=sys.argv[2],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
                        "LOCATION": sys.argv[1]}},
)
from participation import socket_seats
for number in range(3):
    socket_seats.take(sys.argv[3], f"worker-{number}")
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_seats_are_few_and_come_back() -> None:
    seats = [socket_seats.take(SOURCE, f"s{number}") for number in range(PER_SOURCE)]
    with pytest.raises(NoSeat):
        socket_seats.take(SOURCE, "late")
    assert socket_seats.take("address:192.0.2.8", "neighbour")
    socket_seats.leave(seats[2], "s2")
    assert socket_seats.take(SOURCE, "late") == seats[2]
    assert socket_seats.taken(SOURCE) == PER_SOURCE


def test_nobody_frees_the_seat_of_another() -> None:
    seat = socket_seats.take(SOURCE, "first")
    # It ran out while its process stood still, and somebody else sits there now.
    cache.delete(seat)
    assert socket_seats.take(SOURCE, "second") == seat
    socket_seats.keep(seat, "first")
    socket_seats.leave(seat, "first")
    assert cache.get(seat) == "second"


def test_a_seat_that_ran_out_is_taken_again_by_who_keeps_it() -> None:
    seat = socket_seats.take(SOURCE, "first")
    cache.delete(seat)
    socket_seats.keep(seat, "first")
    assert cache.get(seat) == "first"


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
)
def test_without_the_store_pages_stay_live() -> None:
    seat = socket_seats.take(SOURCE, "first")
    assert seat == ""
    socket_seats.keep(seat, "first")
    socket_seats.leave(seat, "first")


def test_one_count_for_all_processes_and_a_killed_one_holds_nothing_for_long(
    settings: Any,
) -> None:
    url = os.environ.get("REDIS_URL")
    if not url:
        pytest.skip("REDIS_URL is not set: scripts/services run -- pytest")
    source = f"address:{uuid.uuid4()}"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, url, settings.SECRET_KEY, source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    with override_settings(CACHES={"default": backend}):
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "taken\n"
            mine = [socket_seats.take(source, f"mine-{number}") for number in range(2)]
            with pytest.raises(NoSeat):
                socket_seats.take(source, "late")
        finally:
            worker.kill()
            worker.communicate()
        # What it held runs out by itself: every seat has an end, which keeping puts off.
        store: Any = cache
        client = store._cache.get_client(None)
        keys = [cache.make_key(socket_seats._key(source, number)) for number in range(PER_SOURCE)]
        assert all(0 < client.ttl(key) <= SEAT for key in keys)
        for key in keys[:3]:
            client.expire(key, 0)
        assert socket_seats.taken(source) == len(mine)
        assert socket_seats.take(source, "late")
        for seat in mine:
            client.expire(cache.make_key(seat), 1)
            socket_seats.keep(seat, "mine")
            assert client.ttl(cache.make_key(seat)) > 1
        cache.delete_many([socket_seats._key(source, number) for number in range(PER_SOURCE)])
