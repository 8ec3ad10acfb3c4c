"""kill -9 of a real server between any two steps of a redemption, then a restart (F1, P10).

A web server in a process of its own answers the press of the button, is held at a fault point, and
is killed from outside by signal 9. It is started again, and the browser sends the same form again,
as browsers do that had no answer: no point is lost and no code given twice. The control is a server
that commits too early; it must be found out. ``tests/rewards/test_faults.py`` asks the same of a
process that ends itself, point by point, in every run.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from core import audit
from crowdtasks.ledger import proof as ledger_proof
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards import proof
from crowdtasks.rewards.models import Redemption, Reward, Unit
from crowdtasks.rewards.sealing import unseal
from tests.factories import rewards as make
from tests.processes.running import Visit, killed_at, run, serving, start
from tests.processes.running import environment as env_of
from tests.rewards.test_suppliers import Shop

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]

#: Where the careless server commits (``tests/processes/careless.py``, which runs elsewhere).
HALFWAY = "redeem.written"
STEPS = ("locked", "unit", "taken", "written", "recorded", "spent", "committed")
points = pytest.mark.parametrize(
    "point",
    [
        step if step == "spent" else pytest.param(step, marks=pytest.mark.long, id=step)
        for step in STEPS
    ],
)


def press(visit: Visit, path: str, fields: dict[str, str]) -> tuple[int, str]:
    """Send the form; (0, '') when the server dies over it."""
    try:
        return visit.ask("POST", path, fields)
    except (OSError, http.client.HTTPException):
        return 0, ""


def die_over_it(
    reward: Reward, account: Account, point: str, sign: Path, app: str = "config.asgi"
) -> tuple[dict[str, str], dict[str, str]]:
    """Open the page and press; the server is killed there. Form and cookies as the browser's."""
    client = Client()
    client.force_login(account)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    path = f"/en/rewards/{reward.public_id}/redeem/"
    answers: list[tuple[int, str]] = []
    with serving(app, hold=point, sign=sign) as (server, port):
        visit = Visit(port, cookies)
        fields = visit.form(path)
        browser = threading.Thread(target=lambda: answers.append(press(visit, path, fields)))
        browser.start()
        assert killed_at(server, sign) == point
        browser.join(60)
    assert answers == [(0, "")], "the server died over it"
    return fields, visit.cookies


def standing(reward: Reward, account: Account) -> tuple[int, int, int]:
    """Points left, redemptions, units taken."""
    return (
        balance_of(account.person).available,
        Redemption.objects.count(),
        Unit.objects.filter(reward=reward, taken_at__isnull=False).count(),
    )


def sound() -> None:
    assert ledger_proof.prove().faults == []
    assert list(proof.faults()) == []
    assert audit.verify().ok


@points
def test_a_server_killed_over_a_redemption_loses_no_point_and_gives_no_code_twice(point, tmp_path):
    account, reward = make.rich(), make.make_reward()
    fields, cookies = die_over_it(reward, account, f"redeem.{point}", tmp_path / "held")
    whole = (900, 1, 1) if point == "committed" else (1000, 0, 0)
    assert standing(reward, account) == whole
    sound()
    path = f"/en/rewards/{reward.public_id}/redeem/"
    with serving() as (_server, port):
        visit = Visit(port, cookies)
        for _again in range(2):
            assert press(visit, path, fields)[0] == 302
        page = visit.ask("GET", "/en/account/points/")[1]
    assert "<strong>900</strong>" in page
    assert standing(reward, account) == (900, 1, 1)
    sound()


def test_the_control_a_server_that_commits_too_early_is_found_out(tmp_path):
    """What is looked for can be seen: a thing is taken, and no point was spent."""
    account, reward = make.rich(), make.make_reward()
    die_over_it(reward, account, HALFWAY, tmp_path / "held", app="tests.processes.careless")
    assert standing(reward, account) == (1000, 1, 1)
    (fault,) = proof.faults()
    assert Redemption.objects.get().public_id in fault


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


WORKER = ("manage.py", "db_worker", "--queue-name", "*", "--no-reload", "--batch")
SCHEDULE = ("manage.py", "run_schedule", "--once")


@pytest.mark.long
@pytest.mark.parametrize("point", ["supply.answered", "supply.kept"])
def test_a_worker_killed_when_the_code_has_come_asks_again_with_the_same_key(
    point, shop, settings, tmp_path
):
    """The supplier gave a code and nobody wrote it down: it is asked again, for the same one."""
    suppliers: dict[str, Any] = {"shop": {"url": shop.url, "timeout": 5}}
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_SUPPLIERS": suppliers}
    reward = make.make_reward(supplier="shop", product="ferry-1", stock=2)
    account = make.rich()
    row = make.redeem(reward, account)
    sign = tmp_path / "held"
    worker = start(*WORKER, env=env_of(hold=point, sign=sign, suppliers=suppliers))
    assert killed_at(worker, sign) == point
    assert Redemption.objects.get().state == "waiting"
    assert balance_of(account.person).available == 900
    assert not Unit.objects.exclude(sealed="").exists()
    # As when the job has had its half hour to say what became of it.
    Redemption.objects.update(ask_at=row.at)
    run(*SCHEDULE, suppliers=suppliers)
    run(*WORKER, suppliers=suppliers)
    row = Redemption.objects.select_related("unit").get()
    assert row.state == "given"
    assert unseal(row.unit.sealed, row.unit.digest or "").reveal() == "SHOP-000000"
    assert {one["key"] for one in shop.asked} == {f"kaifong-{row.public_id}"}
    assert (len(shop.asked), len(shop.given)) == (2, 1)
    assert standing(reward, account) == (900, 1, 1)
    sound()


@pytest.mark.long
def test_a_supplier_that_gives_a_code_too_late_leaves_it_unknown(shop, settings):
    """P10: the time is out after the code was given; asked again, it is the same code."""
    suppliers: dict[str, Any] = {"shop": {"url": shop.url, "timeout": 0.5}}
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_SUPPLIERS": suppliers}
    reward = make.make_reward(supplier="shop", product="ferry-1", stock=2)
    account, shop.mode = make.rich(), "late"
    row = make.redeem(reward, account)
    run(*WORKER, suppliers=suppliers)
    row.refresh_from_db()
    assert (row.state, row.asked, len(shop.given)) == ("waiting", 1, 1)
    assert balance_of(account.person).available == 900
    shop.mode = "good"
    shop.over.set()
    Redemption.objects.update(ask_at=row.at)
    run(*SCHEDULE, suppliers=suppliers)
    run(*WORKER, suppliers=suppliers)
    row = Redemption.objects.select_related("unit").get()
    assert (row.state, len(shop.given)) == ("given", 1)
    assert len({one["key"] for one in shop.asked}) == 1
    assert standing(reward, account) == (900, 1, 1)
    sound()
