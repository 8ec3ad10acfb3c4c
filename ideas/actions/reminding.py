"""A box's monthly answer that is owed: officers are reminded in time, their head when it is late.

As outcomes are reminded of (``participation.actions.reminding``). Each notice is unique by box, day
and mark, so the job may run twice, late, or not for a week.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Account, Role
from accounts.policies import accounts_with
from core import clock
from ideas.monthly import Owed, open_boxes, owed_by
from notifications.actions import notify
from participation.actions.reminding import ESCALATE, heads_of, officers_of
from participation.models import Engagement
from participation.stages import today

#: Days before the last day of the month at which officers are reminded, the last mark first.
MARKS = (1, 7)


def remind(box: Engagement, owed: Owed, now: dt.datetime) -> list[str]:
    """Tell whoever is to hear of it today; returns the marks ('7', 'late', ...)."""
    marks = []
    if owed.late:
        marks.append(_late(box, owed, (today(now) - owed.was_due_on).days))
    days = (owed.due_on - today(now)).days
    mark = next((mark for mark in MARKS if days <= mark), None)
    if owed.due and mark is not None:
        about = {"waiting": owed.due, "day": owed.due_on, "days": days}
        _tell(box, "box-due", str(mark), officers_of(box), **about)
        marks.append(str(mark))
    return marks


def _late(box: Engagement, owed: Owed, days: int) -> str:
    heads = heads_of(box)
    about = {"waiting": owed.late, "day": owed.was_due_on, "days": days}
    if days < ESCALATE:
        _tell(box, "box-late", "late", heads, **about)
        return "late"
    administrators = list(accounts_with(Role.ADMINISTRATOR))
    # Where both fall on one day (a first look at an old delay), nobody is told twice.
    told_below = {account.pk for account in administrators}
    others = [account for account in heads if account.pk not in told_below]
    _tell(box, "box-late", "late", others, **about)
    _tell(box, "box-late", "late-on", administrators, **about)
    return "late-on"


def _tell(box: Engagement, kind: str, mark: str, to: list[Account], **owed: Any) -> None:
    """``owed``: ``waiting`` ideas, the ``day`` they are due and the ``days`` to it or since."""
    notify(
        kind=kind,
        event_key=f"box:{box.public_id}:{owed['day']}:{mark}",
        to=to,
        params={"title": box.title, "bureau": box.owner.name, **owed},
        path=f"/e/{box.public_id}/screening/?state=waiting",
    )


def remind_of_boxes() -> int:
    """Remind of every box that owes its month's answer; how many somebody was to hear of."""
    now = clock.now()
    boxes = open_boxes(now)
    owed = owed_by(boxes, now)
    return sum(bool(remind(box, owed[box.pk], now)) for box in boxes if box.pk in owed)
