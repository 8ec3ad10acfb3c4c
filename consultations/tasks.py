"""Work done by the clock."""

import datetime as dt

from consultations.actions.approval import open_hidden
from core.schedule import periodic


@periodic("consultations.open_hidden", every=dt.timedelta(minutes=1))
def open_hidden_papers() -> None:
    """Open papers that were approved and kept hidden until their opening. Safe to run twice."""
    open_hidden()
