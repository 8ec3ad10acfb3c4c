"""Who reports a finding, and who works on the board."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account, Level, Person
from participation.models import Engagement
from participation.policies import OK, Verdict, can, is_officer_of


def can_report(*, engagement: Engagement, person: Person | None, now: dt.datetime) -> Verdict:
    """Whoever may try a round, while it is open; of a product whoever is signed in."""
    return can("test", engagement=engagement, person=person, now=now)


def can_observe(account: Account, engagement: Engagement) -> Verdict:
    """Officers of the bureau write down what they see, whether the round is open or not."""
    return OK if is_officer_of(account, engagement) else Verdict("bureau")


def can_triage(account: Account | None, engagement: Engagement) -> Verdict:
    """Officers and approvers of the product's bureau and its partners."""
    if account is None:
        return Verdict("sign-in", Level.EMAIL)
    if engagement.state != "published":
        return Verdict("hidden")
    return OK if is_officer_of(account, engagement) else Verdict("hidden")
