"""Votes that hold several choices: one head a person, its choices as rows below it.

The same promises as of single choices (``participation.actions.votes``): one statement makes or
moves the head, every change is kept as an event with its paper, the same choices again write
nothing, no row that two voters share is touched. Eight queries at most, with an engagement whose
phases are loaded.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from accounts.models import Person
from core import audit, clock, limits
from core.exceptions import Absent
from participation import ballots, live, papers
from participation.actions.votes import Head, put_head, vote_receipt
from participation.ballots import Chosen
from participation.models import Ballot, Choice, Receipt, Vote, VoteChoice, VoteEvent, VotePaper
from participation.policies import can_vote, require

#: Sentences printed by the audit before it only counts.
_FAULTS_SHOWN = 50
_CHUNK = 2000


def cast_choices(
    *, ballot: Ballot, person: Person, choices: Mapping[str, object], channel: str = "web"
) -> Receipt:
    """Cast or change this person's vote; returns the one receipt for it.

    ``choices`` maps public ids of entries to what is given to each, as it came; the room judges
    it. Load ``ballot`` with its engagement and what ``ballots.with_room_rows`` adds. Raises Invalid
    or Absent as the room says, what ``policies.require`` raises for phase and level, Refused for an
    erased person, TooMany.
    """
    limits.spend("vote", person.public_id)
    return _cast(ballot=ballot, person=person, choices=choices, channel=channel)


@transaction.atomic
def _cast(
    *, ballot: Ballot, person: Person, choices: Mapping[str, object], channel: str
) -> Receipt:
    now = clock.now()
    require(can_vote(engagement=ballot.engagement, person=person, now=now))
    if not ballots.takes_votes(ballot):
        raise Absent
    chosen = ballots.judged(ballot, choices)
    text = papers.written((each.public_id, each.value) for each in chosen)
    salt = secrets.token_hex(16)
    head = put_head(
        ballot=ballot,
        person=person,
        choice=Choice.AGREE,
        now=now,
        channel=channel,
        digest=papers.digest(text),
        salt=salt,
    )
    first = head.put is not None and head.put.changes == 0
    if head.put is not None:
        _write_choices(head.put.pk, chosen, first=first)
        _note(
            ballot, head, "vote.cast", paper=(text, papers.commitment(ballot.public_id, salt, text))
        )
        if not first:
            # A vote that was withdrawn may stand again: turnout moves without a new receipt.
            live.turned_out(ballot.engagement)
    return vote_receipt(engagement=ballot.engagement, person=head.person, now=now, first=first)


def withdraw_choices(*, ballot: Ballot, person: Person, channel: str = "web") -> Receipt:
    """Take this person's vote back while the vote is open; it can be cast anew until the close.

    Taking back what is back already writes nothing. Raises Absent where there never was a vote,
    what ``policies.require`` raises, TooMany.
    """
    limits.spend("vote", person.public_id)
    return _withdraw(ballot=ballot, person=person, channel=channel)


@transaction.atomic
def _withdraw(*, ballot: Ballot, person: Person, channel: str) -> Receipt:
    now = clock.now()
    require(can_vote(engagement=ballot.engagement, person=person, now=now))
    if (
        not ballots.takes_votes(ballot)
        or not Vote.objects.filter(ballot=ballot, person=person).exists()
    ):
        raise Absent
    head = put_head(ballot=ballot, person=person, choice=Choice.PASS, now=now, channel=channel)
    if head.put is not None:
        _write_choices(head.put.pk, [], first=False)
        _note(ballot, head, "vote.withdraw")
        live.turned_out(ballot.engagement)
    return vote_receipt(engagement=ballot.engagement, person=head.person, now=now)


def _write_choices(vote_id: int, chosen: Iterable[Chosen], *, first: bool) -> None:
    if not first:
        VoteChoice.objects.filter(vote=vote_id).delete()
    VoteChoice.objects.bulk_create(
        VoteChoice(vote_id=vote_id, entry_id=each.entry_id, value=each.value) for each in chosen
    )


def _note(ballot: Ballot, head: Head, verb: str, *, paper: tuple[str, str] | None = None) -> None:
    event = head.event
    if event is None:
        return
    event.save(force_insert=True)
    rows: list[VoteEvent | VotePaper] = [event]
    if paper is not None:
        text, commitment = paper
        rows.append(VotePaper.objects.create(event=event, choices=text, commitment=commitment))
    audit.record(
        verb,
        actor=head.person,
        engagement_id=ballot.engagement.public_id,
        subject=ballot.public_id,
        rows=rows,
    )


def stands(vote: Vote) -> bool:
    """Whether the head counts: a vote of several choices may have been withdrawn."""
    return vote.choice != Choice.PASS or not ballots.holds_choices(vote.ballot)


def move_choices(*, vote: Vote, to: Vote, event: VoteEvent) -> list[VotePaper]:
    """Two persons turned out to be one: put the choices of ``vote`` below ``to`` and keep them.

    Called by ``vote_merging`` with both heads locked, before ``vote`` goes; ``event`` is the one
    that says so. The salt goes along, so the commitment stays the voter's.
    """
    if not ballots.holds_choices(vote.ballot):
        return []
    rows = list(
        VoteChoice.objects.filter(vote=vote).values_list("entry_id", "entry__public_id", "value")
    )
    _write_choices(to.pk, [Chosen(*row) for row in rows], first=False)
    if not vote.digest:
        return []
    text = papers.written((public_id, value) for _entry, public_id, value in rows)
    made = papers.commitment(vote.ballot.public_id, vote.salt, text)
    return [VotePaper.objects.create(event=event, choices=text, commitment=made)]


def papers_agree() -> Iterator[str]:
    """An audit check: what stands below each head is what its last paper says."""
    heads = Vote.objects.exclude(digest="").select_related("ballot").order_by("pk")
    last, shown = 0, 0
    while shown < _FAULTS_SHOWN:
        part = list(heads.filter(pk__gt=last)[:_CHUNK])
        if not part:
            return
        last = part[-1].pk
        for pk in _astray(part):
            shown += 1
            yield f"Vote {pk} does not hold what its last paper says."


def _astray(part: list[Vote]) -> Iterator[int]:
    below: dict[int, list[tuple[str, int]]] = {vote.pk: [] for vote in part}
    rows = VoteChoice.objects.filter(vote__in=below)
    for vote_id, public_id, value in rows.values_list("vote_id", "entry__public_id", "value"):
        below[vote_id].append((public_id, value))
    newest: dict[tuple[int, int], tuple[str, str]] = {}
    persons = {vote.person_id for vote in part}
    noted = VotePaper.objects.filter(
        event__ballot__in={vote.ballot_id for vote in part}, event__person__in=persons
    ).order_by("pk")
    for ballot_id, person_id, text, made in noted.values_list(
        "event__ballot_id", "event__person_id", "choices", "commitment"
    ):
        newest[ballot_id, person_id] = (text, made)
    for vote in part:
        text = papers.written(below[vote.pk])
        made = papers.commitment(vote.ballot.public_id, vote.salt, text)
        same = newest.get((vote.ballot_id, vote.person_id)) == (text, made)
        if not same or papers.digest(text) != vote.digest:
            yield vote.pk
