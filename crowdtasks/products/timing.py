"""How long a step took, as a server without scripts can tell."""

from __future__ import annotations

import datetime as dt

#: Who takes longer has done something else meanwhile: such a time is not counted, and it says so.
MOST = dt.timedelta(minutes=60)


def seconds_between(begun: dt.datetime, answered: dt.datetime, *, interrupted: bool) -> int | None:
    """Whole seconds from the step's page to its answer, at least one; None where that says nothing
    of the step."""
    taken = answered - begun
    if interrupted or not dt.timedelta(0) <= taken <= MOST:
        return None
    return max(1, round(taken.total_seconds()))
