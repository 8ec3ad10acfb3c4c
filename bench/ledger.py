"""The points ledger with a million entries: the proof's time and memory, a balance and a page.

The history is written set-wise, sealed and with running balances as the actions write it; one
person has a tenth of it and another two entries, so that a long history can be told from a short
one.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import time

from bench.server import table

ENTRIES = int(os.environ.get("BENCH_LEDGER", "1000000"))
PEOPLE = 10_000
CHUNK = 20_000
READINGS = 200
AIM_SECONDS, AIM_MIB = 60, 300


def fill(entries: int) -> tuple[object, object]:
    """So many entries that earn one point each; the person with the longest history, and one with
    two entries."""
    from django.db import transaction

    from accounts.models import Level, Person
    from core import clock
    from crowdtasks.ledger.actions import grant_budget, reserve
    from crowdtasks.ledger.actions.books import account_of, open_books, seal
    from crowdtasks.ledger.models import AccountKind, Entry, EntryKind, Leg, PointsAccount
    from tests.factories.engagements import make_engagement

    engagement = make_engagement()
    grant_budget(
        bureau=engagement.owner, points=entries, by="system", reason="For the bench.", key="grant"
    )
    reserve(engagement=engagement, points=entries, by="system", key="reserve")
    now = clock.now()
    people = Person.objects.bulk_create(
        [Person(level=Level.EMAIL, created_at=now) for _each in range(PEOPLE)], batch_size=1_000
    )
    accounts = PointsAccount.objects.bulk_create(
        [PointsAccount(kind=AccountKind.AVAILABLE, person=each) for each in people],
        batch_size=1_000,
    )
    escrow = account_of(AccountKind.ESCROW, engagement)
    held, number = entries, 1
    had = [0] * PEOPLE
    for start in range(0, entries, CHUNK):
        with transaction.atomic():
            open_books(escrow)
            fresh, owners = [], []
            for place in range(start, min(start + CHUNK, entries)):
                # The last person has two entries, the first every tenth.
                owner = 0 if place % 10 == 0 else 1 + place % (PEOPLE - 2)
                owner = PEOPLE - 1 if place in (1, 2) else owner
                entry = Entry(
                    key=f"bench:{place}",
                    kind=EntryKind.EARN,
                    points=1,
                    person=people[owner],
                    engagement=engagement,
                    at=now + dt.timedelta(seconds=place),
                )
                entry.digest = seal(entry, [(escrow.pk, -1), (accounts[owner].pk, 1)])
                fresh.append(entry)
                owners.append(owner)
            Entry.objects.bulk_create(fresh, batch_size=1_000)
            legs = []
            for entry, owner in zip(fresh, owners, strict=True):
                held, number, had[owner] = held - 1, number + 1, had[owner] + 1
                legs.append(
                    Leg(
                        entry=entry,
                        account=escrow,
                        number=number,
                        amount=-1,
                        balance=held,
                        credited=entries,
                        at=entry.at,
                    )
                )
                legs.append(
                    Leg(
                        entry=entry,
                        account=accounts[owner],
                        number=had[owner],
                        amount=1,
                        balance=had[owner],
                        credited=had[owner],
                        at=entry.at,
                    )
                )
            Leg.objects.bulk_create(legs, batch_size=1_000)
    return people[0], people[-1]


def asked(person: object) -> int:
    """How many queries a balance with the first page of the statement takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from crowdtasks.ledger.reading import balance_of, statement

    with CaptureQueriesContext(connection) as caught:
        balance_of(person)  # type: ignore[arg-type]
        statement(person)  # type: ignore[arg-type]
    return len(caught)


def compared(most: object, few: object) -> tuple[float, float]:
    """CPU milliseconds of a balance with a line of the statement, for both, in turns.

    The median of CPU time: what else the machine does, and what was read for the first time, is not
    of the history. Both have a line more than is shown, so both read two.
    """
    from crowdtasks.ledger.reading import balance_of, statement

    used: dict[int, list[float]] = {0: [], 1: []}
    for _each in range(READINGS):
        for place, person in enumerate((most, few)):
            begun = time.process_time()
            balance_of(person)  # type: ignore[arg-type]
            statement(person, size=1)  # type: ignore[arg-type]
            used[place].append((time.process_time() - begun) * 1000)
    return statistics.median(used[0]), statistics.median(used[1])


#: A small process between: a child's peak counts what its parent held when it was made.
_BETWEEN = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "manage.py", "verify_ledger"], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def proved_by_itself() -> tuple[float, float]:
    """CPU seconds and peak MiB of the proof."""
    words = [sys.executable, "-c", _BETWEEN]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    code, seconds, memory = said.splitlines()[-1].split()
    if code != "0":
        raise SystemExit(f"The ledger of the bench does not hold: {said}")
    return float(seconds), float(memory)


def run() -> None:
    """Fill, prove in a process of its own, read a long and a short history, print the table."""
    begun = time.perf_counter()
    most, least = fill(ENTRIES)
    filled = time.perf_counter() - begun
    begun = time.perf_counter()
    used, memory = proved_by_itself()
    proved = time.perf_counter() - begun
    long, short = compared(most, least)
    rows = [
        ["entries", f"{ENTRIES:,}", ""],
        ["made in", f"{filled:.0f} s", ""],
        ["verify_ledger", f"{proved:.1f} s", f"at most {AIM_SECONDS} s"],
        ["its CPU", f"{used:.1f} s", "does not depend on the load"],
        ["its memory", f"{memory:.0f} MiB", f"at most {AIM_MIB} MiB"],
        ["balance and line, long against short history", f"{long / short:.2f}", "about 1"],
        ["queries", f"{asked(most)} and {asked(least)}", "the same, under 5"],
    ]
    table(["points ledger", "measured", "aim"], rows)
