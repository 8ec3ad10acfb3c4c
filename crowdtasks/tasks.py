"""Jobs of campaigns: claims whose time is over, what was declined for good, what
nobody earned."""

from __future__ import annotations

import datetime as dt

from core.each import each
from core.schedule import periodic
from crowdtasks.actions.claims import sweep_claims
from crowdtasks.actions.reviewing import settle_declined
from crowdtasks.actions.rewarding import return_rest, to_be_returned


@periodic("crowdtasks.claims", every=dt.timedelta(minutes=1))
def note_expired_claims() -> None:
    """Note the claims whose time is over, so that who had them reads it."""
    sweep_claims()


@periodic("crowdtasks.declined", every=dt.timedelta(hours=1))
def settle_what_was_declined() -> None:
    """What nobody asked another officer about in time is declined for good."""
    settle_declined()


@periodic("crowdtasks.return_rest", every=dt.timedelta(minutes=10))
def return_what_nobody_earned() -> None:
    """After a close what is left of a campaign's points returns to the bureau's budget."""
    each(to_be_returned(), lambda campaign: return_rest(campaign=campaign))
