"""The board of 20,000 findings: queries and time of its pages, against a board of a few."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

from bench import data
from bench.queries import queries_of
from bench.server import table

FINDINGS = int(os.environ.get("BENCH_FINDINGS", "20000"))
FEW, AIM = 20, 20
WORDS = (
    ("The list of seats stays empty", "after I sign in", "after I choose a day", "on my tablet"),
    ("按預訂之後畫面一片空白", "，手機上", "，登入之後", "，選日期之後"),
    ("The map is too small to read", "on a phone", "with large letters", "in the dark"),
)


def fill(round: Any, number: int) -> None:
    """So many findings of the bureau's own to read, in every state, one in ten merged."""
    from core import clock
    from core.fold import fold
    from crowdtasks.findings.models import Finding, Severity, Triage
    from participation.models import Contribution, ContributionVersion, Receipt

    now = clock.now()
    steps = list(round.steps.all())
    later = round.build.product.builds.exclude(pk=round.build.pk).get()
    first = Contribution.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    severities, states = Severity.values, Triage.values
    said = []
    for place in range(number):
        words = WORDS[place % 3]
        said.append(f"{words[0]} {words[1 + place // 3 % 3]} {place}")
    Contribution.objects.bulk_create(
        [
            Contribution(
                engagement=round.engagement,
                kind="finding",
                language="en",
                received_at=now - dt.timedelta(seconds=number - place),
                publish_choice="confidential",
                state="confidential",
                text=text,
            )
            for place, text in enumerate(said)
        ],
        batch_size=1_000,
    )
    entries = list(Contribution.objects.filter(pk__gt=first, kind="finding").order_by("pk"))
    ContributionVersion.objects.bulk_create(
        [ContributionVersion(contribution=one, number=1, text=one.text, at=now) for one in entries],
        batch_size=1_000,
    )
    Receipt.objects.bulk_create(
        [Receipt(engagement=round.engagement, contribution=one, created_at=now) for one in entries],
        batch_size=1_000,
    )
    rows = []
    for place, one in enumerate(entries):
        state = states[place % len(states)]
        mended = state == Triage.MENDED
        rows.append(
            Finding(
                contribution=one,
                engagement=round.engagement,
                product=round.build.product,
                build=round.build,
                step=steps[place % len(steps)],
                happened=one.text,
                severity=severities[place % len(severities)],
                state=state,
                mended_version=later.version if mended else "",
                mended_in=later if mended else None,
                reason="It is meant so." if state == Triage.DECLINED else "",
                received_at=one.received_at,
                changed_at=one.received_at,
                search=fold(one.text),
            )
        )
    for place, row in enumerate(rows):
        if place % 10 == 9:
            row.merged_into_id = row.lead_id = rows[place - 9].pk
    Finding.objects.bulk_create(rows, batch_size=1_000)


def _seconds(client: Any, path: str) -> float:
    """Of a page that is not kept."""
    from django.core.cache import cache

    spent = 0.0
    for _each in range(5):
        cache.clear()
        begun = time.perf_counter()
        client.get(path)
        spent += time.perf_counter() - begun
    return spent / 5


def run() -> None:
    """Fill two products, ask each page of both, print the table."""
    from django.test import Client

    from crowdtasks.findings.models import Finding
    from tests.factories.accounts import make_officer
    from tests.factories.findings import make_tested

    client, boards = Client(), []
    for number in (FEW, FINDINGS):
        row, _first, _second = make_tested()
        client.force_login(
            make_officer(row.engagement.owner.code), backend=data.PASSWORDLESS_BACKEND
        )
        fill(row, number)
        product = row.build.product.engagement
        middle = Finding.objects.filter(product=product.pk, lead=None).order_by("pk")[number // 2]
        desk = f"/en/e/{product.public_id}/findings/desk/"
        boards.append(
            {
                "board": desk,
                "board, narrowed": f"{desk}?state=new&severity=hard&step=find",
                "board, last page": f"{desk}?page=9999",
                "one finding with what is like it": f"{desk}{middle.contribution.public_id}/",
                "public page of the product": product.paths["en"],
                "public list": f"/en/e/{product.public_id}/findings/",
            }
        )
    rows = []
    for name in boards[0]:
        few, many = (queries_of(client, board[name]) for board in boards)
        slow, quick = (_seconds(client, board[name]) for board in reversed(boards))
        aim = f"the same, at most {AIM}" if "public" not in name else "the same"
        rows.append(
            [name, f"{few} and {many}", aim, f"{slow * 1000:.0f} ms", f"{slow / quick:.1f}"]
        )
    print(f"{FINDINGS:,} findings against {FEW}, SQLite.")
    table(["findings", "queries", "aim", "time", "times that of few"], rows)
