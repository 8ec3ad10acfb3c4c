"""Who may volunteer, who works on an invited round, who may try one."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import Account, Level, Person
from core.exceptions import Closed, Conflict, DomainError, Refused, SignInNeeded
from crowdtasks.panel.models import Invitation, Plan
from crowdtasks.panel.states import DECLINABLE, TAKING_PART, InvitationState
from crowdtasks.products.models import Round, WhoTries
from participation.models import Engagement
from participation.policies import is_officer_of


def refuse_volunteering(person: Person) -> None:
    """Raise Refused for an address that is not kept: nobody could be invited there."""
    if person.erased_at is not None or person.level < Level.EMAIL:
        raise Refused(
            _(
                "Volunteers are invited by e-mail, so this needs an address that you keep. Yours "
                "is a throw-away one: change it under My account."
            ),
            code="address",
        )


def require_officer(account: Account, engagement: Engagement) -> None:
    """Raise Refused for everybody but officers and approvers of the round's bureaux."""
    if not is_officer_of(account, engagement):
        raise Refused


def invites(round: Round, plan: Plan | None) -> bool:
    """Whether the round is for invited volunteers, and was not opened to everybody."""
    return round.who == WhoTries.INVITED and (plan is None or plan.opened_at is None)


def can_be_opened(round: Round, plan: Plan | None, now: dt.datetime) -> bool:
    """Whether it can be opened to everybody: it invites, and has not closed."""
    closes_at = round.engagement.closes_at
    return invites(round, plan) and closes_at is not None and now < closes_at


def refuse_planning(round: Round, plan: Plan | None, now: dt.datetime) -> None:
    """Raise Closed where nobody can be invited any more: open to all, drawn, over."""
    if not invites(round, plan):
        raise Closed(_("Everyone can try this round: nobody is invited to it."), code="open")
    if plan is not None and hasattr(plan, "draw"):
        raise Closed(_("The draw was made: it stands."), code="drawn")
    closes_at = round.engagement.closes_at
    if closes_at is None or now >= closes_at:
        raise Closed(_("The round has closed."), code="closed")


def refusal_of(
    round: Round, plan: Plan | None, invitation: Invitation | None, person: Person | None
) -> DomainError | None:
    """Why this person may not begin or hand in a try of this round; None where they may."""
    if not invites(round, plan):
        return None
    if person is None:
        return SignInNeeded(
            _("This round is for invited volunteers. Sign in if you have been invited."),
            code="invited_only",
        )
    if invitation is None:
        return Refused(
            _("This round is for volunteers who were invited to it."), code="not_invited"
        )
    if invitation.state in TAKING_PART:
        return None
    if invitation.state == InvitationState.WAITING:
        return Refused(
            _("You are invited to this round. Accept the invitation first."), code="accept_first"
        )
    return Refused(
        _("Your invitation to this round has ended, and somebody else was invited."), code="ended"
    )


def refuse_accepting(invitation: Invitation, now: dt.datetime) -> None:
    """Raise Closed where the invitation does not wait any more."""
    if not invitation.waits_at(now):
        raise Closed(
            _("This invitation can no longer be accepted: somebody else was invited."),
            code="ended",
        )


def refuse_second(invitation: Invitation) -> None:
    """Raise Conflict where it was handed in already."""
    if invitation.state == InvitationState.FINISHED:
        raise Conflict(_("You have tried this already. Each person does it once."), code="done")


def refuse_declining(invitation: Invitation) -> None:
    """Raise Closed once the try was begun, or the invitation is over."""
    if invitation.state not in DECLINABLE:
        raise Closed(_("This invitation can no longer be declined."), code="ended")
