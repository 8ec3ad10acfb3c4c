"""Whoever is to hear: holders of points that expire soon, administrators of books that do not
hold."""

from __future__ import annotations

import datetime as dt

from accounts.models import Person, Role
from accounts.policies import accounts_with
from core import clock
from core.dates import local
from core.each import each
from crowdtasks.ledger.expiry import soon
from crowdtasks.ledger.models import Entry
from crowdtasks.ledger.rules import month_start
from notifications.actions import notify


def tell_of_expiry() -> int:
    """Tell holders, once for each month's end; returns how many had points that expire then."""
    now = clock.now()
    end = month_start(now, months=1)
    return len(each(soon(now), lambda found: _tell(found.person, found.points, end)))


def _tell(person: Person, points: int, until: dt.datetime) -> None:
    notify(
        kind="points-expire",
        event_key=f"points-expire:{until:%Y-%m}:{person.public_id}",
        to=list(person.accounts.filter(is_active=True)),
        params={"points": points, "until": until},
        path="/account/points/",
    )


def tell_of_correction(entry: Entry, *, added: bool) -> None:
    """Tell the holder what an officer added or took, and why. What no officer did is told where it
    was done."""
    if entry.by_id is None or entry.person is None or entry.person.erased_at is not None:
        return
    notify(
        kind="points-corrected",
        event_key=f"points-corrected:{entry.public_id}",
        to=list(entry.person.accounts.filter(is_active=True)),
        params={
            "points": entry.points,
            "what": "added" if added else "taken",
            "reason": entry.reason,
        },
        path="/account/points/",
    )


def tell_of_faults(faults: int) -> None:
    """Tell administrators, once a day, that the nightly proof failed."""
    notify(
        kind="ledger-fault",
        event_key=f"ledger-fault:{local(clock.now()):%Y-%m-%d}",
        to=list(accounts_with(Role.ADMINISTRATOR)),
        params={"faults": faults},
        path="/points/books/",
    )
