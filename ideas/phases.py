"""The phases of a contest: planned from the page's dates, named for people.

Call, screening, public vote, jury, result, follow-through follow one another; what the page leaves
empty is not there. A standing box is one call without end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.dates import FOREVER
from ideas.models import ContestPage
from participation.actions.engagement import PhasePlan
from participation.models import Phase
from participation.models.pages import moment

TALKING = ("comment", "support")
NAMES: dict[str, str | Promise] = {
    "call": _("Ideas are handed in"),
    "screening": _("The bureau looks through the ideas"),
    "vote": _("Public vote"),
    "jury": _("The jury scores"),
    "result": _("Result"),
    "follow": _("What becomes of the ideas"),
}


def plan(page: ContestPage) -> list[PhasePlan]:
    """The windows the page asks for, in order; none while it lacks its dates.

    The result is a day; follow-through begins with it and has no end.
    """
    opens_at, call_ends = page.opens_at, page.call_closes_at
    if opens_at is None or call_ends is None:
        return []
    verbs = ("submit", *TALKING)
    call = PhasePlan(key="call", verbs=verbs, opens_at=opens_at, closes_at=call_ends)
    if page.standing:
        return [call]
    phases = [call]
    end = call_ends
    vote_opens, vote_ends = moment(page.vote_opens_on, None), page.vote_closes_at
    jury_ends = (
        moment(page.jury_closes_on + dt.timedelta(days=1), None) if page.jury_closes_on else None
    )
    result = moment(page.response_due, None)
    if vote_opens and vote_ends:
        if vote_opens > end:
            phases.append(_quiet("screening", end, vote_opens))
        phases.append(
            PhasePlan(
                key="vote", verbs=("vote", *TALKING), opens_at=vote_opens, closes_at=vote_ends
            )
        )
        end = vote_ends
    elif jury_ends is None and result and result > end:
        phases.append(_quiet("screening", end, result))
        end = result
    if jury_ends:
        phases.append(PhasePlan(key="jury", verbs=(), opens_at=end, closes_at=jury_ends))
        end = jury_ends
    if result:
        day = dt.timedelta(days=1)
        phases.append(PhasePlan(key="result", verbs=(), opens_at=result, closes_at=result + day))
        phases.append(PhasePlan(key="follow", verbs=(), opens_at=result, closes_at=FOREVER))
    return phases


def _quiet(key: str, opens_at: dt.datetime, closes_at: dt.datetime) -> PhasePlan:
    """Nothing is handed in; what is there can be talked about."""
    return PhasePlan(key=key, verbs=TALKING, opens_at=opens_at, closes_at=closes_at)


@dataclass(frozen=True)
class Shown:
    """A phase as the page lists it; ``state`` is done, now or next."""

    key: str
    name: str | Promise
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str

    @property
    def endless(self) -> bool:
        return self.closes_at == FOREVER


@dataclass(frozen=True)
class Here:
    """Where a contest stands: the phase it is in and the one that follows, where there are such."""

    phase: Shown | None
    after: Shown | None


def at(phases: Sequence[Shown], now: dt.datetime) -> Here:
    """The phase of this instant; what becomes of the ideas goes on for ever and is none."""
    rows = [one for one in phases if one.key != "follow"]
    phase = next((one for one in rows if one.opens_at <= now < one.closes_at), None)
    return Here(phase, next((one for one in rows if one.opens_at > now), None))


def shown(phases: Sequence[Phase | PhasePlan], now: dt.datetime) -> list[Shown]:
    """The phases by time, each with where it stands at an instant."""
    return [
        Shown(
            phase.key,
            NAMES.get(phase.key, phase.key),
            phase.opens_at,
            phase.closes_at,
            "next" if now < phase.opens_at else "now" if now < phase.closes_at else "done",
        )
        for phase in sorted(phases, key=lambda one: (one.opens_at, one.closes_at))
    ]
