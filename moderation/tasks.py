"""Telling moderators that something waits."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account, Role
from accounts.policies import accounts_with
from core import clock
from core.dates import ZONE
from core.schedule import periodic
from moderation import line, policies
from notifications.actions import notify

#: Hours of the day in Hong Kong in which staff are written to.
FROM_HOUR, UNTIL_HOUR = 8, 20


@periodic("moderation.tell_staff", every=dt.timedelta(minutes=15))
def tell_staff() -> int:
    """One notice a day to each moderator in whose queue something waits; returns how many.

    At the first quarter of an hour between 8 and 20 o'clock in which it is so: what came before it
    is in that one notice, what comes after it waits for the next day's. So a queue that goes from
    empty to not empty is told within a quarter of an hour, and one that is left is told again
    each morning. The own texts do not count: somebody else decides on them.
    """
    now = clock.now()
    here = now.astimezone(ZONE)
    if not FROM_HOUR <= here.hour < UNTIL_HOUR:
        return 0
    told = 0
    for account in moderators(now):
        rows = policies.visible_items(account, now).waiting()
        head = line.head(rows.exclude(author_id=account.person.public_id), now)
        if not head.waiting:
            continue
        told += len(
            notify(
                kind="staff-waiting",
                event_key=f"moderation:{here.date().isoformat()}",
                to=[account],
                params={
                    "count": head.waiting,
                    "oldest_at": head.oldest_at,
                    "closing_today": head.closing_tonight or None,
                },
                path="/moderation/",
            )
        )
    return told


def moderators(now: dt.datetime) -> list[Account]:
    """Everybody who moderates now, for the platform or a body."""
    return list(accounts_with(Role.MODERATOR, now=now).select_related("person"))
