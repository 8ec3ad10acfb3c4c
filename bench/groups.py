"""(e) Opinion groups of 50,000 votes by 2,000 people, kept by the job, in a process of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import Any

from bench.server import ROOT, table

PEOPLE, STATEMENTS, EACH = 2000, 200, 25

#: What the job does, from the start of its process; it prints seconds of each part.
_JOB = """
import json, sys, time
import django
django.setup()
from consultations.actions.opinion import keep_grouping
from consultations.models import OpinionGrouping
from core import clock
from participation.models import Engagement
engagement = Engagement.objects.get(public_id=sys.argv[1])
began = time.perf_counter()
with clock.scope():
    assert keep_grouping(engagement=engagement)
took = time.perf_counter() - began
row = OpinionGrouping.objects.get()
groups = [each["people"] for each in row.data["groups"]]
print(json.dumps({"seconds": took, "grouping": row.milliseconds / 1000, "groups": groups}))
"""


def _make() -> Any:
    """People of three minds; each answers 25 of 200 statements, one time in five at random."""
    from core import clock
    from participation.models import Vote, VoteEvent
    from tests.factories.engagements import make_engagement
    from tests.factories.statements import make_persons, make_statement

    chance = random.Random(7)
    engagement = make_engagement(title="Groups")
    ballots = [make_statement(engagement).ballot_id for _each in range(STATEMENTS)]
    minds = [[chance.choice([1, -1, -1, 0]) for _each in ballots] for _mind in range(3)]
    now = clock.now()
    heads = []
    for place, person in enumerate(make_persons(PEOPLE)):
        mind = minds[0 if place % 2 else 1 + place // 2 % 2]
        for at in chance.sample(range(STATEMENTS), EACH):
            choice = chance.choice([1, -1, 0]) if chance.random() < 0.2 else mind[at]
            heads.append((ballots[at], person.pk, choice))
    for model, moment in ((Vote, "cast_at"), (VoteEvent, "at")):
        rows = (
            model(ballot_id=ballot, person_id=person, choice=choice, level=1, **{moment: now})
            for ballot, person, choice in heads
        )
        model.objects.bulk_create(rows, batch_size=5000)
    return engagement


def run() -> None:
    """Make the votes, group them in a fresh process, print seconds and the largest memory."""
    engagement = _make()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(
        [sys.executable, "-c", _JOB, engagement.public_id],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("The grouping failed.")
    found = json.loads(said)
    print(f"Opinion groups of {PEOPLE * EACH:,} votes by {PEOPLE:,} people: {found['groups']}")
    table(
        ["job, seconds", "of which grouping", "CPU of its process", "peak MB", "aim"],
        [
            [
                f"{found['seconds']:.1f}",
                f"{found['grouping']:.1f}",
                f"{usage.ru_utime + usage.ru_stime:.1f}",
                f"{usage.ru_maxrss / 1024:.0f}",
                "under 3 s, under 400 MB",
            ]
        ],
    )
