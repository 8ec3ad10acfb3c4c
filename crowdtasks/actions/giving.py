"""Points of everything in the room: set aside at publishing, earned, released, the rest returned.

Campaigns and rounds both go through here, so that there is one rule. Points are for handing in,
never for which way somebody answers: nothing of an answer is read here. All of it happens in the
transaction of the act it belongs to, so no response is without its points and no points without
their response.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock, ids
from core.exceptions import Invalid
from crowdtasks.ledger import actions as ledger
from crowdtasks.ledger.models import Hold
from crowdtasks.models import Funded, Part
from crowdtasks.states import ClaimState
from participation.models import Engagement

#: After the close and its grace nothing comes in; what was just coming in has arrived by then.
SETTLE = dt.timedelta(minutes=5)
CLOSED = _("It has closed: nobody can earn its reward any more, so it stays as it was.")


def set_aside(row: Funded, by: Account | None) -> None:
    """Have the whole possible cost in the engagement's escrow; called when it is published.

    More is added from the bureau's budget. Less is possible only before the opening, when all of it
    returns and the new cost is set aside. Raises ``Invalid`` (field 'reward') for what the budget
    does not hold, and after the close, when nobody could earn it and nothing would return it.
    """
    cost = row.cost
    if cost == row.set_aside:
        return
    if row.set_aside and has_closed(row.engagement):
        raise Invalid(CLOSED, field="reward")
    engagement, officer = row.engagement, by or audit.SYSTEM
    # The transaction that publishes is what happens once, not these keys.
    key = f"{engagement.kind}:{engagement.public_id}:{ids.public_id()}"
    if cost > row.set_aside and row.set_aside:
        more = cost - row.set_aside
        ledger.top_up(engagement=engagement, points=more, by=officer, key=key)
    else:
        if row.set_aside:
            ledger.return_rest(engagement=engagement, by=officer, key=f"{key}:back")
        if cost:
            ledger.reserve(engagement=engagement, points=cost, by=officer, key=key)
    row.set_aside = cost
    row.save(update_fields=["set_aside"])


def give(part: Part) -> None:
    """Earn the reward of a part that was handed in; held while it is looked at, or for a time.

    The caller saves ``part.points`` with the rest of it. Raises Conflict for a closed account.
    """
    row, person = part.funded, part.person
    if not row.reward or person is None:
        return
    held = clock.now() + dt.timedelta(days=row.hold_days) if row.hold_days else None
    ledger.earn(
        engagement=row.engagement,
        person=person,
        points=row.reward,
        key=part.key,
        hold_until=None if part.flags else held,
        review=bool(part.flags),
    )
    part.points = row.reward


def is_held(part: Part) -> bool:
    """Whether its points wait, for a time or an officer: not yet the person's to spend."""
    return hold_of(part) is not None


def hold_of(part: Part) -> Hold | None:
    """What holds its points, with the day from which on they can be spent; None where nothing."""
    return Hold.objects.filter(entry__key=part.key).first() if part.points else None


def release(part: Part, by: Account) -> None:
    """Let who was accepted have the points; those of an account that was closed are gone."""
    if is_held(part):
        ledger.release(entry_key=part.key, key=f"release:{part.key}", by=by)


def take_back(part: Part, reason: str) -> None:
    """Return held points of a part that does not count; the caller saves ``part.points``.

    What was given up with a closed account does not return (P13): the part keeps its points.
    """
    if is_held(part):
        ledger.take_back(entry_key=part.key, key=f"back:{part.key}", by=audit.SYSTEM, reason=reason)
        part.points = 0


def ended(part: Part, state: str) -> str:
    """The state of a part that ends, ``state`` or 'over'; asked after ``take_back``.

    While its points are not returned its place must not be another's: it is paid for.
    """
    return ClaimState.OVER if part.points else state


def has_closed(engagement: Engagement) -> bool:
    """Whether its last day is over. It can then not be extended any more."""
    return engagement.closes_at is not None and engagement.closes_at <= clock.now()


def is_over(engagement: Engagement, now: dt.datetime) -> bool:
    """Whether it closed, with its grace, and nothing can come in any more."""
    if engagement.closes_at is None:
        return False
    grace = dt.timedelta(minutes=engagement.grace_minutes)
    return engagement.closes_at + grace + SETTLE <= now
