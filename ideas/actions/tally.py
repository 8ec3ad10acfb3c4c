"""Counting: behind the votes while totals are live, and once for all at the close."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from core import audit, clock
from core.exceptions import Conflict, Invalid
from ideas.ballots import has_ended, on_ballot, phase_of
from ideas.models import ContestVote, Idea, IdeaTotal, ResultPiece, VoteResult
from ideas.tally_file import Commitments, TallyFile, Votes
from ideas.totals import counted, counted_live
from participation import live, papers
from participation.models import Ballot, Choice, Vote, VoteChoice

#: After the close requests that came in time may still be on their way.
SETTLE = dt.timedelta(minutes=2)
#: Heads read at once.
CHUNK = 5000
FORMAT = "kaifong-vote-1"


@transaction.atomic
def count_live(*, vote: ContestVote) -> bool:
    """Bring the totals of lists up to date where they are told while people vote.

    Returns whether any changed. Writes nothing while they are sealed.
    """
    if not counted_live(vote, clock.now()):
        return False
    changed = _write_totals(vote, counted(vote))
    if changed:
        live.changed(vote.ballot.engagement)
    return changed


def _write_totals(vote: ContestVote, totals: Mapping[str, Mapping[int, int]]) -> bool:
    known = {row.idea_id: row for row in IdeaTotal.objects.filter(idea__engagement=vote.pk)}
    ideas = on_ballot(vote).order_by().values_list("pk", "contribution__public_id")
    rows = []
    for pk, public_id in ideas:
        counts = dict(totals.get(public_id, {}))
        row = known.pop(pk, None)
        written = {str(value): number for value, number in sorted(counts.items())}
        if row is None or row.counts != written:
            way = vote.way
            rows.append(
                IdeaTotal(
                    idea_id=pk, votes=way.votes(counts), score=way.score(counts), counts=written
                )
            )
    IdeaTotal.objects.filter(pk__in=known).delete()
    IdeaTotal.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["idea"],
        update_fields=["votes", "score", "counts"],
        batch_size=500,
    )
    return bool(rows or known)


@transaction.atomic
def tally_vote(*, vote: ContestVote) -> VoteResult:
    """Count the vote for good and write its file; a second call gives the result that is there.

    Waits for votes that are being written: they hold the ballot's key, which is locked here.
    Raises Conflict before the close and in the two minutes after it.
    """
    ballot = Ballot.objects.select_for_update().get(pk=vote.ballot_id)
    done = VoteResult.objects.filter(vote=vote).first()
    if done is not None:
        return done
    engagement = vote.ballot.engagement
    now = clock.now()
    phase = phase_of(engagement)
    if phase is None or not has_ended(engagement, now) or now < phase.closes_at + SETTLE:
        raise Conflict("The vote has not closed, or has only just closed.", code="too-early")
    count = _Count(vote, ballot)
    with closing(count.lines), closing(TallyFile()) as file:
        result = _write_result(vote, count, file, phase.closes_at)
    _write_totals(vote, count.totals)
    audit.record(
        "vote.tally",
        actor=audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=ballot.public_id,
        rows=[result],
    )
    live.changed(engagement)
    return result


def _write_result(
    vote: ContestVote, count: _Count, file: TallyFile, closed_at: dt.datetime
) -> VoteResult:
    """Count and write the file at once, in one pass over each of its two lists."""
    file.write([json.dumps(count.header(closed_at), ensure_ascii=False, sort_keys=True)])
    count.read()
    file.write(f"c {commitment.hex()}" for commitment in count.commitments)
    file.write(f"v {text}" for text in count.each())
    digest = file.digest()
    totals = {key: {str(v): n for v, n in sorted(got.items())} for key, got in count.totals.items()}
    said = {"voters": count.voters, "votes": count.votes, "spoiled": count.spoiled}
    file.write([json.dumps({**said, "totals": totals, "digest": digest}, sort_keys=True)])
    result = VoteResult.objects.create(
        vote=vote, at=clock.now(), totals=totals, digest=digest, size=file.size, **said
    )
    pieces = enumerate(file.pieces())
    while batch := list(islice(pieces, 8)):
        ResultPiece.objects.bulk_create(
            ResultPiece(result=result, number=number, content=piece) for number, piece in batch
        )
    return result


class _Count:
    """The votes that stand, read in parts: commitments, written forms and totals."""

    def __init__(self, vote: ContestVote, ballot: Ballot) -> None:
        self.vote, self.ballot = vote, ballot
        listed = on_ballot(vote).order_by("pk")
        rows = list(listed.values_list("contribution__public_id", "title", "cost__amount"))
        self.titles: dict[str, str] = {key: title for key, title, _cost in rows}
        self.costs = {key: cost if vote.way.needs_cost else 0 for key, _title, cost in rows}
        self.totals: dict[str, Counter[int]] = {key: Counter() for key in self.titles}
        self.commitments = Commitments()
        self.lines = Votes()
        self.voters = self.votes = self.spoiled = 0
        self._names = dict(
            Idea.objects.filter(engagement=vote.pk)
            .order_by()
            .values_list("pk", "contribution__public_id")
        )

    def header(self, closed_at: dt.datetime) -> dict[str, Any]:
        """What the file is about, and the rules whoever recounts needs."""
        way, rules = self.vote.way, self.vote.rules
        return {
            "format": FORMAT,
            "contest": self.ballot.engagement.public_id,
            "title": _plain(self.vote.ballot.engagement.title),
            "ballot": self.ballot.public_id,
            "closed_at": closed_at.astimezone(dt.UTC).isoformat(),
            "kind": way.key,
            "values": list(way.values),
            **({"most": rules.most} if way.needs == "most" else {}),
            **({"budget": rules.budget} if way.needs == "budget" else {}),
            "ideas": [
                {
                    "id": key,
                    "title": title,
                    **({"cost": self.costs[key]} if way.needs_cost else {}),
                }
                for key, title in sorted(self.titles.items())
            ],
        }

    def read(self) -> None:
        """Read every vote that stands, ``CHUNK`` at a time; no objects, no row twice."""
        ballot, add = self.ballot.public_id, self.commitments.add
        for heads, below in self._parts():
            texts = []
            for pk, salt in heads:
                text = papers.written(below.get(pk, ()))
                add(bytes.fromhex(papers.commitment(ballot, salt, text)))
                texts.append(text)
            self.lines.add(texts)
        self.voters = len(self.commitments)

    def each(self) -> Iterator[str]:
        """The votes in order, counted as they go by."""
        for text, number in self.lines:
            self._count(text, number)
            for _each in range(number):
                yield text

    def _parts(
        self,
    ) -> Iterator[tuple[list[tuple[int, str]], dict[int, list[tuple[str, int]]]]]:
        standing = Vote.objects.filter(ballot=self.ballot, choice=Choice.AGREE).order_by("pk")
        last = 0
        while True:
            heads = list(standing.filter(pk__gt=last).values_list("pk", "salt")[:CHUNK])
            if not heads:
                return
            below: dict[int, list[tuple[str, int]]] = {}
            rows = VoteChoice.objects.filter(
                vote__gte=heads[0][0], vote__lte=heads[-1][0], vote__ballot=self.ballot
            )
            for vote_id, entry_id, value in rows.values_list("vote_id", "entry_id", "value"):
                below.setdefault(vote_id, []).append((self._names[entry_id], value))
            last = heads[-1][0]
            yield heads, below

    def _count(self, text: str, number: int) -> None:
        """Count equal votes at once: what is still on the ballot, if the rules allow it."""
        chosen = {}
        for part in text.split(","):
            key, _equals, value = part.partition("=")
            if key in self.totals:
                chosen[key] = int(value)
        try:
            self.vote.way.check(chosen, self.costs, self.vote.rules)
        except Invalid:
            self.spoiled += number
            return
        self.votes += number
        for key, given in chosen.items():
            self.totals[key][given] += number


def _plain(texts: Mapping[str, str | Promise]) -> dict[str, str]:
    return {language: str(text) for language, text in texts.items()}


def content(result: VoteResult) -> Iterator[bytes]:
    """The file of a result, piece by piece."""
    for piece in result.pieces.values_list("content", flat=True).iterator(chunk_size=4):
        yield zlib.decompress(piece)
