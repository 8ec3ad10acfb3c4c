"""Answers that are owed: officers are reminded in time, their head hears when it is late.

Days are Hong Kong's, whatever the zone of the server. Each notice is unique by engagement,
response date and mark, so the job may run twice, late, or not for a week.
"""

import datetime as dt

from accounts.models import Account, Role
from accounts.policies import accounts_with
from core import clock
from notifications.actions import notify
from participation import faces
from participation.models import Engagement
from participation.outcome_faults import is_explained
from participation.stages import outcome_of, today

#: Days before the response date at which officers are reminded, the last mark first.
MARKS = (1, 7, 28)
#: After so many days late the administrators hear of it besides the bureau's approvers.
ESCALATE = 7


def owed(now: dt.datetime) -> list[Engagement]:
    """Opened engagements whose answer is due within the longest mark, or late."""
    rows = Engagement.objects.public().filter(
        opens_at__lte=now, response_due__lte=today(now) + dt.timedelta(days=max(MARKS))
    )
    return list(
        rows.filter(outcome__published_at=None)
        .select_related("owner", "outcome")
        .order_by("response_due", "pk")
    )


def state_of(engagement: Engagement) -> str:
    """How far the outcome is: none, draft or waiting."""
    outcome = outcome_of(engagement)
    if outcome is None:
        return "none"
    return "waiting" if outcome.submitted_at else "draft"


def officers_of(engagement: Engagement) -> list[Account]:
    """Who works on it for its owner: officers and approvers, each once."""
    found = {
        account.pk: account
        for role in (Role.OFFICER, Role.APPROVER)
        for account in accounts_with(role, engagement.owner)
    }
    return list(found.values())


def heads_of(engagement: Engagement) -> list[Account]:
    """Who answers for the bureau: its approvers; the administrators where it has none."""
    approvers = list(accounts_with(Role.APPROVER, engagement.owner))
    return approvers or list(accounts_with(Role.ADMINISTRATOR))


def remind(engagement: Engagement, now: dt.datetime) -> str:
    """Tell whoever is to hear of it today; returns the mark ('28', 'late', ...) or ''."""
    if engagement.response_due is None:
        return ""
    days = (engagement.response_due - today(now)).days
    if days < 0:
        return _late(engagement, -days)
    mark = next((mark for mark in MARKS if days <= mark), None)
    if mark is None:
        return ""
    _tell(engagement, "answer-due", str(mark), officers_of(engagement), days)
    return str(mark)


def _late(engagement: Engagement, days: int) -> str:
    explained = {"explained": "yes" if is_explained(engagement) else ""}
    heads = heads_of(engagement)
    if days < ESCALATE:
        _tell(engagement, "answer-late", "late", heads, days, **explained)
        return "late"
    administrators = list(accounts_with(Role.ADMINISTRATOR))
    # Where both fall on one day (a first look at an old delay), nobody is told twice.
    told_below = {account.pk for account in administrators}
    others = [account for account in heads if account.pk not in told_below]
    _tell(engagement, "answer-late", "late", others, days, **explained)
    _tell(engagement, "answer-late", "late-on", administrators, days, **explained)
    return "late-on"


def _tell(
    engagement: Engagement, kind: str, mark: str, to: list[Account], days: int, **more: str
) -> None:
    notify(
        kind=kind,
        event_key=f"answer:{engagement.public_id}:{engagement.response_due}:{mark}",
        to=to,
        params={
            "title": engagement.title,
            "noun": faces.nouns_of(engagement),
            "bureau": engagement.owner.name,
            "response_due": engagement.response_due,
            "days": days,
            "state": state_of(engagement),
            **more,
        },
        path=f"/cms/desk/{engagement.public_id}/outcome/",
    )


def remind_all() -> int:
    """Remind of every answer that is owed; returns of how many somebody was to hear."""
    now = clock.now()
    return sum(bool(remind(engagement, now)) for engagement in owed(now))
