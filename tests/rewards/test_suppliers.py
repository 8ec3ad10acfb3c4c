"""Codes from outside: what is unknown is asked again with the same key (P10, F21)."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from core import clock, faults, jobs
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards import proof
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.actions.supplying import ASK, IN_FLIGHT, ask_supplier
from crowdtasks.rewards.models import Redemption, Unit
from crowdtasks.rewards.sealing import unseal
from crowdtasks.rewards.suppliers import HttpSupplier, Unknown
from crowdtasks.rewards.tasks import ask_again
from notifications.models import Notice
from tests.factories import rewards as make
from tests.rewards.test_faults import killed

pytestmark = pytest.mark.django_db


class Shop(ThreadingHTTPServer):
    """A supplier that keeps its promise: one key, one code. ``mode`` is how it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "good"
        self.given: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/codes"


_WRONG: dict[str, Any] = {
    "babbles": b"<html>",
    "formula": {"code": '=HYPERLINK("http://evil.example")'},
}


class _Handler(BaseHTTPRequestHandler):
    server: Shop

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        shop, key = self.server, self.headers["Idempotency-Key"]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        shop.asked.append({"key": key, "token": self.headers["Authorization"], **body})
        if shop.mode == "refuses":
            return self._say(410, {"reason": "sold out"})
        if shop.mode.isdecimal():
            return self._say(int(shop.mode), {"reason": "this key is known"})
        if shop.mode == "broken":
            return self._say(503, {})
        if shop.mode in _WRONG:
            return self._say(200, _WRONG[shop.mode])
        if shop.mode == "leads-away":
            return self._say(302, {}, Location=shop.url)
        code = shop.given.setdefault(key, f"SHOP-{len(shop.given):06d}")
        if shop.mode == "the-same-for-all":
            code = "SHOP-SAME-FOR-ALL"
        if shop.mode == "late":
            # The code is given, and nobody hears of it in time.
            shop.over.wait(30)
        return self._say(201, {"code": code})

    def _say(self, status: int, body: Any, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            pass


@pytest.fixture
def shop(settings) -> Iterator[Shop]:
    server = Shop()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    one = {"url": server.url, "token": "token-of-the-shop", "timeout": 0.5}
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_SUPPLIERS": {"shop": one}}
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def bought(**more: Any) -> Redemption:
    reward = make.make_reward(supplier="shop", product="ferry-1", stock=3, **more)
    return make.redeem(reward, make.rich())


def seen(row: Redemption) -> Redemption:
    return Redemption.objects.select_related("unit", "reward").get(pk=row.pk)


def left(row: Redemption) -> int:
    return balance_of(row.person).available


def test_the_code_comes_after_the_points_are_spent(shop):
    row = bought()
    assert (row.state, left(row)) == ("waiting", 900)
    jobs.drain()
    row = seen(row)
    assert row.state == "given"
    assert unseal(row.unit.sealed, row.unit.digest or "").reveal() == "SHOP-000000"
    assert shop.asked == [
        {
            "key": f"kaifong-{row.public_id}",
            "token": "Bearer token-of-the-shop",
            "product": "ferry-1",
        }
    ]
    assert Notice.objects.filter(kind="reward-given").count() == 1
    # Once more for no reason: nothing is asked, nothing changes.
    ask_supplier(redemption=row)
    assert len(shop.asked) == 1


@pytest.mark.parametrize("mode", ["late", "broken", "babbles", "formula", "leads-away"])
def test_what_is_unknown_waits_and_is_asked_again_with_the_same_key(shop, mode):
    row, shop.mode = bought(), mode
    jobs.drain()
    row = seen(row)
    assert (row.state, row.asked, left(row)) == ("waiting", 1, 900)
    ask_again()
    jobs.drain()
    assert len(shop.asked) == 1, "its time has not come"
    shop.mode = "good"
    shop.over.set()
    with clock.travel(dt.timedelta(minutes=2)):
        ask_again()
        jobs.drain()
    row = seen(row)
    assert (row.state, left(row)) == ("given", 900)
    assert {one["key"] for one in shop.asked} == {f"kaifong-{row.public_id}"}
    assert len(shop.given) == 1, "one key, one code"
    assert list(proof.faults()) == []


def test_a_supplier_that_says_no_returns_the_points_once(shop):
    row, shop.mode = bought(), "refuses"
    for _twice in range(2):
        ask_supplier(redemption=row)
    row = seen(row)
    assert (row.state, left(row), len(shop.asked)) == ("refunded", 1000, 1)
    assert Notice.objects.get(kind="reward-ended").params["state"] == "refused"
    assert not Unit.objects.filter(pk=row.unit_id).exclude(sealed="").exists()


@pytest.mark.parametrize("status", [404, 409, 422])
def test_a_refused_request_does_not_say_that_there_is_no_code(shop, status):
    """P10: the answer was lost, the code is made. Asked again, the supplier says that it knows the
    key: the points stay spent until the code comes."""
    row, shop.mode = bought(), "late"
    jobs.drain()
    assert len(shop.given) == 1
    shop.over.set()
    for minutes, mode in ((2, str(status)), (20, "good")):
        shop.mode = mode
        with clock.travel(dt.timedelta(minutes=minutes)):
            ask_again()
            jobs.drain()
        row = seen(row)
        assert left(row) == 900
        assert row.state == ("given" if mode == "good" else "waiting")
    assert unseal(row.unit.sealed, row.unit.digest or "").reveal() == "SHOP-000000"
    assert len({one["key"] for one in shop.asked}) == 1
    assert list(proof.faults()) == []


def test_the_schedule_asks_nobody_and_keeps_few_in_flight(shop, settings):
    """Twelve wait for a supplier who says nothing: the clock goes on at once, a job for each, and
    no more of them than a worker can bear; none twice."""
    reward = make.make_reward(supplier="shop", product="ferry-1", stock=12)
    rows = [make.redeem(reward, make.rich()) for _each in range(12)]
    shop.mode = "broken"
    jobs.drain()
    assert len(shop.asked) == 12
    shop.mode = "good"
    with clock.travel(dt.timedelta(minutes=2)):
        for _thrice in range(3):
            ask_again()
        assert len(shop.asked) == 12, "the schedule itself asks nobody"
        assert jobs.unfinished(ASK) == IN_FLIGHT == 10
        assert jobs.drain() >= 10
        assert len(shop.asked) == 22
        ask_again()
        jobs.drain()
        assert len(shop.asked) == 24
        ask_again()
        jobs.drain()
    assert {seen(row).state for row in rows} == {"given"}
    assert (len(shop.asked), len(shop.given)) == (24, 12)


def test_a_job_whose_worker_is_gone_is_asked_for_again(shop):
    row = bought()
    jobs.forget(ASK, row.pk)
    with clock.travel(dt.timedelta(minutes=29)):
        ask_again()
        assert jobs.unfinished(ASK) == 0
    with clock.travel(dt.timedelta(minutes=31)):
        ask_again()
        jobs.drain()
    assert (seen(row).state, len(shop.asked)) == ("given", 1)


def test_other_work_goes_before_a_supplier_who_may_be_silent(shop):
    row = bought()
    jobs.enqueue("notifications.send_mail")
    first = DBTaskResult.objects.filter(status="READY").order_by("-priority", "enqueued_at")
    assert first.last().args_kwargs["args"][:2] == [ASK, [row.pk]]


def test_a_code_that_comes_twice_is_given_once(shop):
    first, second, shop.mode = bought(), bought(), "the-same-for-all"
    states = [ask_supplier(redemption=row) for row in (first, second)]
    assert states == ["given", "waiting"]
    assert Unit.objects.exclude(sealed="").count() == 1


def test_after_a_refund_by_hand_nothing_is_asked_any_more(shop, manager):
    row, shop.mode = bought(), "broken"
    jobs.drain()
    refund_redemption(redemption=row, by=manager, reason="It never came.")
    with clock.travel(dt.timedelta(days=2)):
        ask_again()
        jobs.drain()
    assert len(shop.asked) == 1
    assert left(row) == 1000


def test_a_supplier_that_is_not_there_is_unknown(shop, settings):
    gone = HttpSupplier(url="http://127.0.0.1:9/", timeout=0.5)
    with pytest.raises(Unknown):
        gone.code_for(key="k", product="p")
    row = bought()
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_SUPPLIERS": {}}
    assert ask_supplier(redemption=row) == "waiting"


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["answered", "kept"])
def test_a_job_that_is_killed_when_the_code_has_come_leaves_one_code(tree, shop, point):
    row = bought()
    assert killed(lambda: ask_supplier(redemption=row), f"supply.{point}") == faults.STATUS
    assert (seen(row).state, left(row)) == ("waiting", 900)
    assert not Unit.objects.exclude(sealed="").exists()
    assert ask_supplier(redemption=row) == "given"
    row = seen(row)
    assert unseal(row.unit.sealed, row.unit.digest or "").reveal() == "SHOP-000000"
    assert (len(shop.asked), len(shop.given), left(row)) == (2, 1, 900)
    assert list(proof.faults()) == []
