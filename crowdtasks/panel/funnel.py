"""How far an invited round has come, in numbers, and how its quotas are filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import dates
from crowdtasks.panel.cells import words_of
from crowdtasks.panel.models import Draw, Invitation
from crowdtasks.panel.states import TAKING_PART, InvitationState
from feedback.files.table import Column, Row

STEPS: dict[str, str | Promise] = {
    "invited": pgettext_lazy("of invitations", "Invited"),
    "accepted": pgettext_lazy("of invitations", "Accepted"),
    "started": pgettext_lazy("of invitations", "Begun"),
    "finished": pgettext_lazy("of invitations", "Handed in"),
    "declined": pgettext_lazy("of invitations", "Declined"),
    "expired": pgettext_lazy("of invitations", "Not answered in time"),
    "no_show": pgettext_lazy("of invitations", "Accepted, not done"),
}
_COUNTED = {
    "invited": Count("pk"),
    "accepted": Count("pk", filter=Q(accepted_at__isnull=False)),
    "started": Count("pk", filter=Q(started_at__isnull=False)),
    "finished": Count("pk", filter=Q(finished_at__isnull=False)),
    "declined": Count("pk", filter=Q(state=InvitationState.DECLINED)),
    "expired": Count("pk", filter=Q(state=InvitationState.EXPIRED)),
    "no_show": Count("pk", filter=Q(state=InvitationState.NO_SHOW)),
}


@dataclass(frozen=True)
class Fill:
    """One quota: how many places, how many of them are taken by who accepted, and lack."""

    words: str
    wanted: int
    waiting: int
    taken: int
    finished: int

    @property
    def lacks(self) -> int:
        """Places that nobody was found for."""
        return max(0, self.wanted - self.taken - self.waiting)


@dataclass(frozen=True)
class Funnel:
    """The steps with their numbers, and each quota."""

    pairs: list[tuple[str | Promise, int]]
    fills: list[Fill]

    @property
    def lacks(self) -> int:
        """Places of all quotas that nobody was found for."""
        return sum(fill.lacks for fill in self.fills)


def funnel_of(draw: Draw) -> Funnel:
    """The numbers at this instant; two queries whatever their size."""
    found = draw.invitations.aggregate(**_COUNTED)
    keeps = [*TAKING_PART, InvitationState.NO_SHOW]
    by_cell: dict[str, Mapping[str, Any]] = {
        row["seat__cell"]: row
        for row in draw.invitations.order_by()
        .values("seat__cell")
        .annotate(
            waiting=Count("pk", filter=Q(state=InvitationState.WAITING)),
            taken=Count("pk", filter=Q(state__in=keeps)),
            finished=Count("pk", filter=Q(state=InvitationState.FINISHED)),
        )
    }
    nothing: Mapping[str, Any] = {"waiting": 0, "taken": 0, "finished": 0}
    return Funnel(
        pairs=[(words, found[key]) for key, words in STEPS.items()],
        fills=[
            Fill(
                words=words_of(cell),
                wanted=wanted,
                **{key: by_cell.get(cell, nothing)[key] for key in nothing},
            )
            for cell, wanted in draw.quota.items()
        ],
    )


COLUMNS = [
    Column("id", _("Number of the invitation")),
    Column("cell", _("Quota"), words_of),
    Column("reserve", _("For a place that came free")),
    Column("place", _("Place in the draw")),
    Column(
        "state",
        pgettext_lazy("report", "State"),
        lambda key: str(InvitationState(key).label),
    ),
    *(
        Column(f"{key}_at", words)
        for key, words in (
            ("invited", STEPS["invited"]),
            ("accepted", STEPS["accepted"]),
            ("started", STEPS["started"]),
            ("finished", STEPS["finished"]),
        )
    ),
]
CHUNK = 1000


def rows(draw: Draw) -> Iterator[Row]:
    """Invitations in the order of the draw, without anything that leads to a person. The quota of
    who has not accepted is left out: nothing is known of them but that they were drawn."""
    found = Invitation.objects.filter(draw=draw).select_related("seat").order_by("place", "pk")
    for row in found.iterator(chunk_size=CHUNK):
        moments = {
            f"{key}_at": _iso(getattr(row, f"{key}_at"))
            for key in ("invited", "accepted", "started", "finished")
        }
        yield {
            "id": row.public_id,
            "cell": row.seat.cell if row.accepted_at else None,
            "reserve": row.reserve,
            "place": row.place,
            "state": row.state,
            **moments,
        }


def _iso(moment: object) -> str | None:
    if not isinstance(moment, dt.datetime):
        return None
    return moment.astimezone(dates.ZONE).isoformat(timespec="seconds")
