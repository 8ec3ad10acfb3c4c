"""Who decides on somebody's part in a campaign or a round, and who may ask another officer."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core.exceptions import Closed, Refused
from crowdtasks.models import Decision, Objection, Part
from crowdtasks.states import ClaimState

#: How long after a decision another officer may be asked.
APPEAL_DAYS = 14


def decision_on(claim: Part) -> Decision | None:
    """The first decision; ``reviews`` may be prefetched."""
    return next((row for row in claim.reviews.all() if not row.on_appeal), None)


def appeal_of(claim: Part) -> Objection | None:
    """What the person said to it; None where nothing was said."""
    return getattr(claim, "appeal", None)


def appeal_until(claim: Part) -> dt.datetime | None:
    """Until when another officer may be asked; None where there is nothing to ask about."""
    decided = decision_on(claim)
    if claim.state != ClaimState.DECLINED or decided is None or appeal_of(claim) is not None:
        return None
    return decided.at + dt.timedelta(days=APPEAL_DAYS)


def waits(claim: Part) -> bool:
    """Whether an officer has to decide: for the first time, or on an appeal."""
    if claim.state == ClaimState.REVIEW:
        return True
    return claim.state == ClaimState.DECLINED and appeal_of(claim) is not None


def refuse_deciding(claim: Part, by: Account) -> None:
    """Raise Closed where nothing waits, Refused for one's own part and for who decided before."""
    if not waits(claim):
        raise Closed(_("This has been decided."), code="settled")
    if by.person_id == claim.person_id:
        raise Refused(_("Nobody decides on a task of their own. Ask a colleague."), code="own_task")
    decided = decision_on(claim)
    if decided is not None and decided.decided_by_id == by.person_id:
        raise Refused(
            _("You decided on this before. Another officer decides on the appeal."),
            code="decided_before",
        )


def may_decide(claim: Part, by: Account) -> bool:
    """The same, for lists."""
    try:
        refuse_deciding(claim, by)
    except (Closed, Refused):
        return False
    return True


def refuse_appeal(claim: Part, person: Person | None, now: dt.datetime) -> Person:
    """Whose it is; raises Refused for somebody else's part, Closed where it is too late or was
    asked before."""
    if person is None or claim.person_id != person.pk:
        raise Refused(_("Only who did the task can ask another officer."), code="not_yours")
    until = appeal_until(claim)
    if until is None or now >= until:
        raise Closed(_("Another officer can no longer be asked about this."), code="settled")
    return person
