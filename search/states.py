"""Where something stands at an instant: the values of the state facet, for rows and for SQL.

A condition and the rule in Python say the same; a test walks both through time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The last days of what is open, as everywhere (product words: closing soon).
SOON = dt.timedelta(days=7)


class Dated(Protocol):
    """What has an opening and a close; neither for what is always there."""

    @property
    def opens_at(self) -> dt.datetime | None: ...
    @property
    def closes_at(self) -> dt.datetime | None: ...
    @property
    def answered_at(self) -> dt.datetime | None: ...


Condition = tuple[str, tuple[dt.datetime, ...]]
LABELS: dict[str, str | Promise] = {
    "open": _("Can take part now"),
    "closing": _("Closing within 7 days"),
    "upcoming": _("Opening later"),
    "closed": _("Closed"),
    "outcome": _("Outcome published"),
}
_OPEN = "s.opens_at <= %s AND s.closes_at > %s"
#: Each state's condition on the scope ``s`` at an instant, with its values.
NARROWING: dict[str, Callable[[dt.datetime], Condition]] = {
    "open": lambda now: (f"({_OPEN})", (now, now)),
    "closing": lambda now: (f"({_OPEN} AND s.closes_at <= %s)", (now, now, now + SOON)),
    "upcoming": lambda now: ("s.opens_at > %s", (now,)),
    "closed": lambda now: ("s.closes_at <= %s", (now,)),
    "outcome": lambda now: ("s.answered_at <= %s", (now,)),
}


def states(row: Dated, now: dt.datetime) -> set[str]:
    """All states something is in."""
    found = set()
    opens, closes = row.opens_at, row.closes_at
    if opens is not None and closes is not None and opens <= now < closes:
        found.add("open")
        if closes <= now + SOON:
            found.add("closing")
    if opens is not None and opens > now:
        found.add("upcoming")
    if closes is not None and closes <= now:
        found.add("closed")
    if row.answered_at is not None and row.answered_at <= now:
        found.add("outcome")
    return found


def is_open(row: Any, now: dt.datetime) -> bool:
    """Whether people can take part now."""
    return "open" in states(row, now)
