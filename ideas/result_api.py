"""The API's results of contests: who is awarded and why, all places, and the vote's file.

There is nothing before the result is published, for officers either: the desk's pages are theirs.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from core.api import READING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from ideas.access import access_result
from ideas.api_shapes import RulesOut, pages_of, show_rules
from ideas.ballots import vote_of
from ideas.exports import public_vote
from ideas.models import Basis, ContestResult, Distinction, ResultPlace
from ideas.result_reading import Given, places_of, summary
from ideas.vote_api import ResultOut, show_tally
from participation.models import Engagement

router = Router(tags=["contests"])


class GivenOut(Schema):
    """An idea that the result speaks of, with the bureau's reason.

    ``title`` and ``authors`` are empty for an idea that is not public any more.
    """

    id: str
    title: str
    authors: list[str]
    place: int | None
    prize: Texts
    reason: Texts


class ContestResultOut(Schema):
    """The published result. ``basis`` is what the places are made of: both, jury, vote, or bureau
    (no places: the bureau decided); the weights are in per cent, of ``rules``.

    ``passed_over`` stood before others and were not chosen, each with its reason. ``seed`` is what
    the jury's lots among equals are drawn from. ``vote`` is the public vote with the address of its
    file, for whoever recounts it.
    """

    contest: str
    published_at: str
    basis: str
    jury_weight: int | None
    vote_weight: int | None
    jurors: int | None
    seed: str | None
    rules: RulesOut
    awarded: list[GivenOut]
    shortlisted: list[GivenOut]
    passed_over: list[GivenOut]
    vote: ResultOut | None
    pages: Texts


class JuryPlaceOut(Schema):
    """The jury's scores of an idea: normalised by juror (``place``), and as they were given.

    ``decided_by``: what told it from equals (heaviest, firsts, lot); null where nothing had to.
    """

    place: int
    normalised: float
    plain_place: int
    plain: float
    jurors: int
    decided_by: str | None


class PlaceOut(Schema):
    """Where an idea stands. Shares are from 0 to 1; ``together`` is what weighed places go by.

    What the rules do not decide by is null.
    """

    id: str
    title: str
    place: int
    distinction: str | None
    together: float | None
    jury_share: float | None
    vote_share: float | None
    votes: int | None
    funded: bool | None
    jury: JuryPlaceOut | None


@router.get(
    "/contests/{public_id}/result",
    response={200: ContestResultOut, **READING},
    url_name="contest-result",
)
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is awarded and shortlisted, and why; not found before the result is published."""
    engagement, found = _result(public_id)
    groups = dict(summary(engagement)["groups"])
    jury = getattr(engagement.contest, "jury_result", None) if _judged(found) else None
    vote = public_vote(engagement) if _voted(found) else None
    both = found.basis == Basis.BOTH
    return answer(
        {
            "contest": engagement.public_id,
            "published_at": moment(found.published_at),
            "basis": found.basis,
            "jury_weight": found.jury_weight if both else None,
            "vote_weight": 100 - found.jury_weight if both else None,
            "jurors": jury.jurors if jury else None,
            "seed": jury.seed if jury else None,
            "rules": show_rules(engagement, found.rules),
            "awarded": list(map(_given, groups[Distinction.AWARDED])),
            "shortlisted": list(map(_given, groups[Distinction.SHORTLISTED])),
            "passed_over": list(map(_given, groups["passed-over"])),
            "vote": show_tally(vote) if vote else None,
            "pages": pages_of(f"e/{engagement.public_id}/result/"),
        }
    )


@router.get(
    "/contests/{public_id}/places",
    response={200: Listed[PlaceOut], **READING},
    url_name="contest-places",
)
def places(request: HttpRequest, public_id: str, query: Query[PageQuery]) -> HttpResponse:
    """All places of the published result in order, with the scores they are made of."""
    engagement, found = _result(public_id)
    vote = vote_of(engagement) if _voted(found) else None
    by_cost = vote is not None and vote.way.needs_cost
    return listed(
        request,
        places_of(found),
        query,
        lambda rows: [_place(row, found, by_cost=by_cost) for row in rows],
    )


def _result(public_id: str) -> tuple[Engagement, ContestResult]:
    if not is_public_id(public_id):
        raise Absent
    return access_result(public_id)


def _judged(found: ContestResult) -> bool:
    return found.basis in {Basis.BOTH, Basis.JURY}


def _voted(found: ContestResult) -> bool:
    return found.basis in {Basis.BOTH, Basis.VOTE}


def _title(row: ResultPlace) -> str:
    # A result stands when an idea is hidden later; its words do not.
    return row.idea.title if row.idea.is_public else ""


def _given(given: Given) -> dict[str, Any]:
    row = given.place
    return {
        "id": row.idea.contribution.public_id,
        "title": _title(row),
        "authors": given.names if row.idea.is_public else [],
        "place": row.place,
        "prize": texts(row.prize),
        "reason": texts(row.reason),
    }


def _place(row: ResultPlace, found: ContestResult, *, by_cost: bool) -> dict[str, Any]:
    jury = getattr(row.idea, "jury_place", None) if _judged(found) else None
    return {
        "id": row.idea.contribution.public_id,
        "title": _title(row),
        "place": row.place,
        "distinction": row.distinction or None,
        "together": _number(row.together),
        "jury_share": _number(row.jury_share),
        "vote_share": _number(row.vote_share),
        "votes": row.votes,
        "funded": row.funded if by_cost else None,
        "jury": {
            "place": jury.place,
            "normalised": float(jury.normal),
            "plain_place": jury.plain_place,
            "plain": float(jury.plain),
            "jurors": jury.jurors,
            "decided_by": jury.decided_by or None,
        }
        if jury
        else None,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
