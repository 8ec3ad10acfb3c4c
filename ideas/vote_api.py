"""The API's public vote: one's own, how it stands, its result. Sealed is sealed here too (PR4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema
from pydantic import StrictInt

from accounts.api_auth import caller_of
from accounts.models import Person
from core import clock
from core.api import READING, WRITING, Listed, PageQuery, Problem, answer, listed, moment
from core.exceptions import Absent, Closed
from core.ids import is_public_id
from ideas import totals
from ideas.access import access_vote
from ideas.api_shapes import origin
from ideas.ballots import has_begun, has_ended
from ideas.models import ContestVote
from ideas.ranking import ranking
from ideas.vote_receipt import commitment_of
from ideas.voting import Standing
from participation import live
from participation.actions.choices import cast_choices, withdraw_choices
from participation.models import Choice, Receipt, Vote

router = Router(tags=["contests"])


class ChoicesIn(Schema):
    """What is given to each idea, by its id: 1, or 1 to 5 where people give stars."""

    choices: dict[str, StrictInt]


class ContestVoteOut(Schema):
    """One's own vote and its receipt. ``choices`` is empty for one that was withdrawn.

    ``commitment`` is what the file of the result holds of it, ``salt`` opens it: keep it to
    yourself.
    """

    contest: str
    receipt: str
    choices: dict[str, int]
    cast_at: str
    commitment: str | None
    salt: str | None


class ResultOut(Schema):
    """The result, counted once at the close. ``file`` is for whoever recounts it with ``program``.

    ``digest`` is the SHA-256 of the file up to its last line, which names it.
    """

    at: str
    voters: int
    votes: int
    spoiled: int
    digest: str
    size: int
    file: str
    program: str


class TotalsOut(Schema):
    """Where the vote stands. ``told``: whether you may see totals now (``standings``).

    ``voters``: how many people have voted, which is never sealed.
    """

    contest: str
    kind: str
    open: bool
    told: bool
    voters: int
    result: ResultOut | None


class StandingOut(Schema):
    """An idea among the others. ``counts``: how many gave each value; ``funded``: the budget
    reaches it."""

    id: str
    place: int
    votes: int
    score: float
    counts: dict[str, int]
    funded: bool | None


@router.get(
    "/contests/{public_id}/vote", response={200: ContestVoteOut, **READING}, url_name="contest-vote"
)
def own_vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """One's own vote; not found before one has voted."""
    _account, person = caller_of(request).require()
    vote = _vote(public_id)
    receipt = Receipt.objects.filter(
        engagement=vote.ballot.engagement, person=person, contribution=None
    ).first()
    if receipt is None:
        raise Absent
    return answer(_own(vote, person, receipt))


@router.put(
    "/contests/{public_id}/vote", response={200: ContestVoteOut, **WRITING}, url_name="contest-vote"
)
def cast(request: HttpRequest, public_id: str, body: ChoicesIn) -> HttpResponse:
    """Vote, or put another vote in place of one's own. The same again changes nothing."""
    _account, person = caller_of(request).require()
    vote = _vote(public_id)
    receipt = cast_choices(ballot=vote.ballot, person=person, choices=body.choices, channel="api")
    return answer(_own(vote, person, receipt))


@router.delete(
    "/contests/{public_id}/vote", response={200: ContestVoteOut, **WRITING}, url_name="contest-vote"
)
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own vote back; it can be cast anew until the close."""
    _account, person = caller_of(request).require()
    vote = _vote(public_id)
    receipt = withdraw_choices(ballot=vote.ballot, person=person, channel="api")
    return answer(_own(vote, person, receipt))


def _own(vote: ContestVote, person: Person, receipt: Receipt) -> dict[str, Any]:
    head = Vote.objects.filter(ballot=vote.ballot, person=person).first()
    if head is None:
        raise Absent
    choices = dict(
        head.choices.order_by("entry__public_id").values_list("entry__public_id", "value")
    )
    stands = bool(head.digest)
    return {
        "contest": vote.ballot.engagement.public_id,
        "receipt": receipt.code,
        "choices": choices,
        "cast_at": moment(head.cast_at),
        "commitment": commitment_of(vote, head, choices) if stands else None,
        "salt": head.salt if stands else None,
    }


@router.get(
    "/contests/{public_id}/votes", response={200: TotalsOut, **READING}, url_name="contest-totals"
)
def standing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Turnout, whether totals are told, and the result with its file once it is public."""
    vote = _begun(public_id)
    engagement, now = vote.ballot.engagement, clock.now()
    ended = has_ended(engagement, now)
    return answer(
        {
            "contest": engagement.public_id,
            "kind": vote.kind,
            "open": not ended,
            "told": _told(vote, caller_of(request).person),
            "voters": live.kept_counts(engagement)["voters"],
            "result": show_tally(vote) if ended and totals.shown(vote, now) else None,
        }
    )


def show_tally(vote: ContestVote) -> dict[str, Any]:
    """The result of a vote whose totals may be told to the reader."""
    row, public_id = vote.result, vote.ballot.engagement.public_id
    return {
        "at": moment(row.at),
        "voters": row.voters,
        "votes": row.votes,
        "spoiled": row.spoiled,
        "digest": row.digest,
        "size": row.size,
        "file": origin() + reverse("ideas:tally", args=[public_id]),
        "program": origin() + reverse("ideas:verifier"),
    }


@router.get(
    "/contests/{public_id}/standings",
    response={200: Listed[StandingOut], **READING, 409: Problem},
    url_name="contest-standings",
)
def standings(request: HttpRequest, public_id: str, query: Query[PageQuery]) -> HttpResponse:
    """The ideas in the order of the vote; refused (409, sealed) while you may not see totals."""
    vote = _begun(public_id)
    if not _told(vote, caller_of(request).person):
        raise Closed(_("The vote’s totals are not told now."), code="sealed")

    def show(found: list[Standing]) -> list[dict[str, Any]]:
        return [
            {
                "id": one.public_id,
                "place": one.place,
                "votes": one.votes,
                "score": one.score,
                "counts": {str(value): one.counts.get(value, 0) for value in vote.way.values},
                "funded": one.funded if vote.way.needs_cost else None,
            }
            for one in found
        ]

    return listed(request, ranking(vote), query, show)


def _vote(public_id: str) -> ContestVote:
    if not is_public_id(public_id):
        raise Absent
    return access_vote(public_id)


def _begun(public_id: str) -> ContestVote:
    vote = _vote(public_id)
    if not has_begun(vote.ballot.engagement, clock.now()):
        raise Absent
    return vote


def _told(vote: ContestVote, person: Person | None) -> bool:
    """Whether this very reader may see totals: who has voted may earlier, where the rules say."""
    voted = (
        person is not None
        and Vote.objects.filter(ballot=vote.ballot, person=person, choice=Choice.AGREE).exists()
    )
    return totals.shown(vote, clock.now(), voted=voted)
