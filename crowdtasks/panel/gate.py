"""What the panel answers to rounds: who may try an invited one, and what follows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from core.exceptions import DomainError
from crowdtasks import offering
from crowdtasks.panel.access import own_invitation, plan_of
from crowdtasks.panel.actions.answering import begin_try, finish_try
from crowdtasks.panel.method import method_of
from crowdtasks.panel.models import Plan
from crowdtasks.panel.policies import invites, refusal_of
from crowdtasks.panel.states import TAKING_PART
from crowdtasks.products import audience, offered
from crowdtasks.products.audience import Audience
from crowdtasks.products.models import Round
from search import registry


def _refusal(round: Round, person: Person | None) -> DomainError | None:
    plan = plan_of(round)
    if not invites(round, plan):
        return None
    return refusal_of(round, plan, own_invitation(round, person), person)


def _begin(round: Round, person: Person | None) -> None:
    invitation = own_invitation(round, person)
    if invitation is not None and person is not None:
        begin_try(invitation=invitation, person=person)


def _finish(round: Round, person: Person | None) -> None:
    invitation = own_invitation(round, person)
    if invitation is not None and person is not None:
        finish_try(invitation=invitation, person=person)


def _invited(round: Round, person: Person | None) -> bool:
    invitation = own_invitation(round, person)
    return invitation is not None and invitation.state in TAKING_PART


def _stands(round: Round) -> bool:
    plan = plan_of(round)
    return plan is not None and (plan.opened_at is not None or hasattr(plan, "draw"))


def _public(round: Round) -> dict[str, Any]:
    plan = plan_of(round)
    return {
        "open_to_all": not invites(round, plan),
        "audience_part": "panel/parts/method.html",
        "method": method_of(plan),
        "invitation_path": reverse("panel:invitation", args=[round.engagement.public_id]),
    }


def register() -> None:
    """Called from ``ready()``."""
    audience.register(
        Audience(
            refusal=_refusal,
            begin=_begin,
            finish=_finish,
            invited=_invited,
            stands=_stands,
            public=_public,
            opened=Q(round__plan__opened_at__isnull=False),
        )
    )
    registry.scopes_follow("engagements", Plan, "round__plan")
    # What was opened to everybody is listed with what was open from the beginning.
    offering.register(offered.listed())
