"""(i) The tally of 1,000,000 votes on ideas, with its file, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bench.ballots import make_votes
from bench.server import ROOT, table

IDEAS = 2000
VOTES = int(os.environ.get("BENCH_VOTES", "1000000"))

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
# Not getrusage: its peak counts what the process that started this one held.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line[:5] == "VmHWM")
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
    make_votes(engagement, VOTES, entries)
    close_now(vote)
    return str(engagement.public_id)


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
