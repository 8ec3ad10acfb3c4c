"""Jobs of the panel."""

from __future__ import annotations

import datetime as dt

from core.each import steps
from core.schedule import periodic
from crowdtasks.panel.actions.answering import end_overdue, end_rounds, forget_links
from crowdtasks.panel.actions.keeping import erase_old, tell_before_erasing
from crowdtasks.panel.actions.planning import open_undrawn
from crowdtasks.panel.actions.sessions import remind


@periodic("panel.keeping", every=dt.timedelta(days=1))
def keep_what_is_wanted() -> None:
    """Tell volunteers before what they said is erased, erase what was told about in time, and
    let nothing lead from old invitations to a person."""
    steps(tell_before_erasing, erase_old, forget_links)


@periodic("panel.sessions", every=dt.timedelta(minutes=15))
def remind_of_sessions() -> None:
    """Remind who has a place in a session that begins soon."""
    remind()


@periodic("panel.invitations", every=dt.timedelta(minutes=10))
def follow_invitations() -> None:
    """End what nobody answered and invite the next, note who did not come, and open rounds to
    everybody that have opened without a draw."""
    steps(end_overdue, end_rounds, open_undrawn)
