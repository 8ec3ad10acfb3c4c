"""Jobs of campaigns: claims whose time is over."""

from __future__ import annotations

import datetime as dt

from core.schedule import periodic
from crowdtasks.actions.claims import sweep_claims


@periodic("crowdtasks.claims", every=dt.timedelta(minutes=1))
def note_expired_claims() -> None:
    """Note the claims whose time is over, so that who had them reads it."""
    sweep_claims()
