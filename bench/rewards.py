"""(n) A hundred buyers at once of ten vouchers, against a bare transaction of two rows.

On SQLite with the others (``make bench ARGS=rewards``); on PostgreSQL in a database of its own that
is dropped afterwards: ``scripts/services run postgres redis -- python -m bench.rewards``.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.server import table

BUYERS = 100
VOUCHERS = 10
ROUNDS = 5


def together(
    jobs: list[Callable[[], Any]], before: Callable[[int], Any] | None = None
) -> tuple[list[Any], float]:
    """Run them in threads let go at once; what each returned or raised, and the seconds.

    ``before`` is done by each first, by its place: as on a server that keeps its connections, where
    the press is not the first that the database's process does.
    """
    from django.db import connection

    from core import clock

    barrier = threading.Barrier(len(jobs) + 1)
    answers: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        connection.ensure_connection()
        try:
            if before is not None:
                with clock.fresh_scope():
                    before(place)
        finally:
            barrier.wait()
        try:
            # As every request and every job has one: the time is asked for once.
            with clock.fresh_scope():
                answers[place] = job()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return answers, time.perf_counter() - began


def _bare(number: int) -> Callable[[], None]:
    """The least a purchase could be: one transaction that writes two rows."""
    from django.db import transaction

    from core import clock
    from core.models import AuditEntry

    def write() -> None:
        with transaction.atomic():
            for part in ("taken", "spent"):
                AuditEntry.objects.create(
                    verb=f"bench.{part}", at=clock.now(), actor=str(number), salt="x", rows=[]
                )

    return write


def _round(buyers: list[Any], stock: int, other: Any = None) -> tuple[float, float, int]:
    """Attempts a second of ours and of bare, and how many were given.

    With ``other``, a reward that there is enough of, everybody has done the same act once before on
    the connection.
    """
    from crowdtasks.rewards.models import Redemption
    from tests.factories import rewards as make

    reward = make.make_reward(stock=stock, points=1)

    def buy(account: Any) -> Callable[[], Any]:
        return lambda: make.redeem(reward, account)

    used = other and (lambda place: make.redeem(other, buyers[place]))
    answers, ours = together([buy(account) for account in buyers], used)
    given = [one for one in answers if isinstance(one, Redemption)]
    if len(given) != min(stock, len(buyers)):
        raise SystemExit(f"{len(given)} were given of {stock}: {answers[:3]}")
    used = other and (lambda place: _bare(place)())
    _answers, bare = together([_bare(number) for number in range(len(buyers))], used)
    return len(buyers) / ours, len(buyers) / bare, len(given)


def _row(name: str, buyers: list[Any], stock: int, aim: str, *, other: Any = None) -> list[str]:
    rounds = [_round(buyers, stock, other) for _each in range(ROUNDS + 1)][1:]
    ratios = [ours / bare for ours, bare, _given in rounds]
    middle = statistics.median
    return [
        name,
        f"{middle(ours for ours, _bare, _given in rounds):.0f}",
        f"{middle(bare for _ours, bare, _given in rounds):.0f}",
        f"{min(ratios):.2f} / {middle(ratios):.2f} / {max(ratios):.2f}",
        aim,
    ]


def _earning(people: list[Any], *, apart: bool) -> float:
    """Rewards a second that all earn at once: of one campaign, or each of one of their own."""
    from crowdtasks.ledger.actions import earn
    from tests.factories.ledger import key, make_funded

    together_of = make_funded(len(people))
    jobs = []
    for account in people:
        named = {"person": account.person, "points": 1, "key": key("bench"), "review": True}
        engagement = make_funded(1) if apart else together_of
        jobs.append(lambda engagement=engagement, named=named: earn(engagement=engagement, **named))
    answers, seconds = together(jobs)
    if wrong := [one for one in answers if isinstance(one, Exception)]:
        raise SystemExit(f"Not everybody earned: {wrong[0]!r}")
    return len(people) / seconds


def _escrow(people: list[Any]) -> list[str]:
    rates = [
        (_earning(people, apart=False), _earning(people, apart=True)) for _each in range(ROUNDS + 1)
    ][1:]
    ratios = [one / other for one, other in rates]
    middle = statistics.median
    return [
        f"{len(people)} earn at once from one escrow, against one each",
        f"{middle(one for one, _other in rates):.0f}",
        f"{middle(other for _one, other in rates):.0f}",
        f"{min(ratios):.2f} / {middle(ratios):.2f} / {max(ratios):.2f}",
        "–",
    ]


def run() -> None:
    """Make the buyers, let them press, print the table."""
    from django.db import connection

    from crowdtasks.rewards import proof
    from tests.factories import rewards as make

    buyers = [make.rich(points=50) for _each in range(BUYERS)]
    other = make.make_reward(stock=BUYERS * (ROUNDS + 1), points=1)
    of_ten = f"{BUYERS} buyers at once of {VOUCHERS}"
    rows = [
        _row(of_ten, buyers, VOUCHERS, "0.5 of the rate", other=other),
        _row(f"{of_ten}, each on a connection just made", buyers, VOUCHERS, "0.5 of the rate"),
        _row(f"{BUYERS} buyers at once of {BUYERS}", buyers, BUYERS, "–"),
        _escrow(buyers),
    ]
    faults = list(proof.faults())
    if faults:
        raise SystemExit(f"Points and vouchers do not agree: {faults[0]}")
    print(f"Redeeming, {connection.vendor}; bare is a transaction that writes two rows")
    table(["", "presses/s", "bare/s", "ratio min/median/max", "aim"], rows)


def main() -> None:
    """The same where ``DATABASE_URL`` says, as the tests use it."""
    from bench.server import ROOT

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    import django
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    settings.KAIFONG_LIMITS = {
        name: tuple((10**9, seconds) for _count, seconds in windows)
        for name, windows in settings.KAIFONG_LIMITS.items()
    }
    made = setup_databases(verbosity=0, interactive=False)
    try:
        from tests.factories.core import make_tree

        make_tree()
        run()
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
