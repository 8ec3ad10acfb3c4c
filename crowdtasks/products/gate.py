"""What a round adds to answering: its questions come after the steps, on pages of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import current_person
from accounts.models import Person
from core import clock
from crowdtasks import integrity
from crowdtasks.actions.giving import hold_of
from crowdtasks.products.actions.round import KIND
from crowdtasks.products.actions.settling import follow_entry
from crowdtasks.products.actions.trying import receive_attempt
from crowdtasks.products.claim_codes import claim_until, code_of
from crowdtasks.products.models import Attempt, Award, AwardState, Round
from crowdtasks.products.models.award import WAITING
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.scale import asked_of
from participation import kinds, live
from participation.models import Contribution, Engagement
from questionnaires import gates, visit
from questionnaires.gates import Gate, Opening
from questionnaires.models import Draft


def _opening(engagement: Engagement, person: Person | None) -> Opening:
    return Opening(path=reverse("products:try", args=[engagement.public_id]))


def _begin(draft: Draft) -> None:
    """A draft alone is no try: ``receive_attempt`` refuses what comes without one."""


def _receipt(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """What was tried, to whoever has the receipt; its reward to whose it is.

    Nobody can sign in as who tried it without an account: the visit that sent it reads the claim
    code, and nobody else who has the receipt's address.
    """
    attempt = (
        Attempt.objects.select_related("round__build", "round__engagement")
        .filter(contribution=contribution)
        .first()
    )
    if attempt is None:
        return {}
    found: dict[str, Any] = {"room_part": "products/parts/receipt.html", "attempt": attempt}
    code = contribution.receipt.code
    if own or (contribution.person_id is None and visit.sent_by_visit(request, code)):
        found |= _reward(request, attempt, contribution)
    return found


def _reward(request: HttpRequest, attempt: Attempt, contribution: Contribution) -> dict[str, Any]:
    """Where the reward of the reader's own try stands; nothing where the round has none."""
    row = attempt.round
    if not row.reward:
        return {}
    award = Award.objects.filter(contribution=contribution).first()
    found: dict[str, Any] = {"rewards_round": row, "award": award}
    if award is None:
        return found
    award.round = row
    if award.in_vain:
        return found
    until = claim_until(row.engagement)
    if award.state in WAITING and until is not None and clock.now() < until:
        found |= {
            "claim_code": code_of(award),
            "claim_until": until,
            "loose": award.state == AwardState.LOOSE,
            "many": integrity.MANY in award.flags,
            "signed_in": current_person(request) is not None,
        }
    return found | {"held": hold_of(award)}


def _counted(engagement: Engagement) -> dict[str, int]:
    """Rewards left, for pages that are open."""
    row = Round.objects.filter(engagement=engagement).first()
    left = rewards_left(row) if row is not None else None
    return {} if left is None else {"rewards": left}


def register() -> None:
    """Called from ``ready()``."""
    gates.register(
        KIND,
        Gate(
            opening=_opening,
            begin=_begin,
            receive=receive_attempt,
            receipt=_receipt,
            asked=asked_of,
            holds_person=True,
        ),
    )
    kinds.on_change("response", follow_entry)
    live.register_counts(KIND, _counted)
