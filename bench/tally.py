"""(i) The tally of 1,000,000 votes on ideas, with its file, in a process of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.server import ROOT, table

IDEAS = 2000
VOTES = int(os.environ.get("BENCH_VOTES", "1000000"))
BATCH = 10_000

#: What the job does, from the start of its process; then the file is recounted.
_JOB = """
import json, sys, tempfile, time
import django
django.setup()
from core import clock
from ideas.access import access_vote
from ideas.actions.tally import content, tally_vote
from ideas.voting import verify_tally
began, spent = time.perf_counter(), time.process_time()
with clock.scope():
    result = tally_vote(vote=access_vote(sys.argv[1]))
took, spent = time.perf_counter() - began, time.process_time() - spent
import resource
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with tempfile.NamedTemporaryFile() as file:
    for piece in content(result):
        file.write(piece)
    file.flush()
    began = time.perf_counter()
    faults = verify_tally.check(file.name).faults
    recount = time.perf_counter() - began
print(json.dumps({"seconds": took, "spent": spent, "peak": peak, "recount": recount,
                  "faults": faults, "voters": result.voters, "size": result.size}))
"""


def _make() -> str:
    """A contest with 2,000 ideas; each voter gives stars to one to three of them."""
    from ideas.models import Idea
    from tests.factories.ideas import make_many_ideas
    from tests.factories.votes import close_now, make_voting

    _page, vote, _ideas = make_voting("stars", ideas=1)
    engagement = vote.ballot.engagement
    make_many_ideas(engagement, IDEAS)
    entries = list(Idea.objects.filter(engagement=engagement).values_list("pk", flat=True))
    chance = random.Random(7)
    for first in range(0, VOTES, BATCH):
        _write(vote.ballot_id, first, min(BATCH, VOTES - first), entries, chance)
    close_now(vote)
    return str(engagement.public_id)


def _write(ballot: int, first: int, number: int, entries: list[int], chance: random.Random) -> None:
    from accounts.models import Person
    from core import clock
    from participation.models import Vote, VoteChoice

    now = clock.now()
    people = Person.objects.bulk_create(
        Person(import_source="bench", import_id=str(first + place), level=1, created_at=now)
        for place in range(number)
    )
    heads = Vote.objects.bulk_create(
        Vote(
            ballot_id=ballot,
            person=person,
            choice=1,
            cast_at=now,
            digest="0" * 64,
            salt=f"{chance.getrandbits(128):032x}",
        )
        for person in people
    )

    def below() -> Iterator[Any]:
        for head in heads:
            for entry in chance.sample(entries, chance.randint(1, 3)):
                yield VoteChoice(vote=head, entry_id=entry, value=chance.randint(1, 5))

    VoteChoice.objects.bulk_create(below())


def run() -> None:
    """Make the votes, tally them in a fresh process, print seconds and the largest memory."""
    contest = _make()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", _JOB, contest],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    if found["faults"]:
        raise SystemExit("\n".join(found["faults"]))
    print(f"Tally of {found['voters']:,} votes on {IDEAS:,} ideas, with its file")
    table(
        ["tally, seconds", "of CPU", "peak MB", "file, MB", "recount, seconds", "aim"],
        [
            [
                f"{found['seconds']:.1f}",
                f"{found['spent']:.1f}",
                f"{found['peak'] / 1024:.0f}",
                f"{found['size'] / 1e6:.0f}",
                f"{found['recount']:.1f}",
                "under 20 s, under 300 MB",
            ]
        ],
    )
