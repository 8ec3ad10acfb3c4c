"""What the receipt of a contest's vote shows: to everybody that it is there, to its voter how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from core import clock
from ideas.ballots import has_ended, vote_of
from ideas.models import ContestVote, Idea
from participation import papers
from participation.models import Receipt, Vote
from participation.policies import can_vote


def commitment_of(vote: ContestVote, head: Vote, choices: Mapping[str, int]) -> str:
    """What the file of the result holds of a vote that stands; ``choices`` by public id."""
    return papers.commitment(vote.ballot.public_id, head.salt, papers.written(choices.items()))


def receipt_part(request: HttpRequest, receipt: Receipt, own: bool) -> dict[str, Any]:
    """The commitment to whoever holds the code; choices and salt to the signed-in voter alone.

    The salt opens the commitment, and with it choices could be found by trying: so a receipt that
    lies about on paper gives away that somebody voted, never how.
    """
    vote = vote_of(receipt.engagement)
    if vote is None or receipt.person_id is None:
        return {}
    head = Vote.objects.filter(ballot=vote.ballot, person=receipt.person_id).first()
    ended = has_ended(receipt.engagement, clock.now())
    found: dict[str, Any] = {
        "part": "ideas/voting/receipt.html",
        "vote": vote,
        "head": head,
        "stands": head is not None and bool(head.digest),
        "ended": ended,
    }
    if head is None or not head.digest:
        return found
    chosen = {
        public_id: (pk, value)
        for pk, public_id, value in head.choices.values_list(
            "entry_id", "entry__public_id", "value"
        )
    }
    given = {key: value for key, (_pk, value) in chosen.items()}
    found["commitment"] = commitment_of(vote, head, given)
    if not own:
        return found
    titles = {
        idea.pk: idea
        for idea in Idea.objects.filter(pk__in=[pk for pk, _value in chosen.values()])
        .select_related("contribution", "cost")
        .order_by("title")
    }
    return {
        **found,
        "written": papers.written(given.items()),
        "salt": head.salt,
        "chosen": [
            {
                "idea": titles[pk] if titles[pk].is_public else None,
                "entry": titles[pk].contribution,
                "value": value,
                "cost": getattr(titles[pk], "cost", None),
            }
            for key, (pk, value) in chosen.items()
        ],
        "can_change": can_vote(
            engagement=receipt.engagement, person=receipt.person, now=clock.now()
        ).allowed,
    }
