"""What a campaign adds to the pages of answering, and to the receipt of a response."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Person
from core import clock
from crowdtasks.access import own_claim
from crowdtasks.actions.campaign import KIND
from crowdtasks.actions.claims import DONE_SENTENCE, FULL_SENTENCE
from crowdtasks.actions.giving import hold_of
from crowdtasks.actions.taking import begin_task, campaign_of, follow_entry, receive_task
from crowdtasks.models import CampaignKind, Claim
from crowdtasks.policies import appeal_of, appeal_until
from crowdtasks.querysets import places_left
from crowdtasks.states import FINISHED, ClaimState
from crowdtasks.viewing import may_see_results
from participation import kinds, live
from participation.models import Contribution, Engagement
from questionnaires import gates
from questionnaires.gates import Gate, Opening


def opening(engagement: Engagement, person: Person | None) -> Opening:
    """How many places are left, and for how long one is held; a poll has a screen of its own."""
    campaign = campaign_of(engagement)
    if campaign.kind == CampaignKind.POLL:
        return Opening(path=reverse("crowdtasks:poll", args=[engagement.public_id]))
    if campaign.places is None:
        return Opening()
    now = clock.now()
    left = places_left(campaign, now)
    claim = own_claim(engagement, person)
    held = claim is not None and claim.holds_at(now)
    done = claim is not None and claim.state in FINISHED and claim.state != ClaimState.WITHDRAWN
    sentence = DONE_SENTENCE if done else FULL_SENTENCE if not left and not held else ""
    return Opening(
        part="crowdtasks/parts/opening.html",
        context={"campaign": campaign, "places_left": left, "claim": claim if held else None},
        sentence=sentence,
        signs_in=True,
    )


def receipt(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """What became of the task: done, or being looked at."""
    if not own:
        return {}
    claim = (
        Claim.objects.filter(contribution=contribution)
        .select_related("campaign", "appeal")
        .prefetch_related("reviews")
        .first()
    )
    if claim is None:
        return {}
    until = appeal_until(claim)
    return {
        "room_part": "crowdtasks/parts/receipt.html",
        "claim": claim,
        "held": hold_of(claim),
        "appeal": appeal_of(claim),
        "decision": list(claim.reviews.all())[-1:],
        "appeal_until": until if until is not None and clock.now() < until else None,
        "results": may_see_results(contribution.engagement, claim.campaign, answered=True),
    }


def _counted(engagement: Engagement) -> dict[str, int]:
    """Places left, for pages that are open."""
    left = places_left(campaign_of(engagement), clock.now())
    return {} if left is None else {"places": left}


def register() -> None:
    """Called from ``ready()``."""
    gates.register(
        KIND,
        Gate(
            opening=opening,
            begin=begin_task,
            receive=receive_task,
            receipt=receipt,
            holds_person=True,
        ),
    )
    kinds.on_change("response", follow_entry)
    live.register_counts(KIND, _counted)
