"""Jobs of rounds: claim codes whose date is over, and points that nobody earned."""

from __future__ import annotations

import datetime as dt

from core.each import each, steps
from core.schedule import periodic
from crowdtasks.actions.reviewing import settle_declined
from crowdtasks.products.actions.ending import (
    erase_codes,
    lapse_codes,
    return_rest,
    to_be_returned,
)
from crowdtasks.products.models import Award


@periodic("products.codes", every=dt.timedelta(hours=1))
def end_codes() -> None:
    """Note the claim codes whose date is over, and erase those of long ago."""
    steps(lapse_codes, erase_codes)


@periodic("products.declined", every=dt.timedelta(hours=1))
def settle_what_was_declined() -> None:
    """What nobody asked another officer about in time is not counted for good."""
    settle_declined(of=Award)


@periodic("products.return_rest", every=dt.timedelta(minutes=10))
def return_what_nobody_earned() -> None:
    """After a close what nobody earned or can claim returns to the bureau's budget."""
    each(to_be_returned(), lambda row: return_rest(round=row))
