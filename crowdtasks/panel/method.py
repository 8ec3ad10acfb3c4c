"""How whoever tries a round was chosen, as everybody may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from core.disclosure import too_few
from crowdtasks.panel.cells import words_of
from crowdtasks.panel.facets import ASSISTIVE, DISTRICTS, LANGUAGES
from crowdtasks.panel.models import Draw, Plan

_WORDS = {"districts": DISTRICTS, "languages": LANGUAGES, "assistive": ASSISTIVE}


@dataclass(frozen=True)
class Line:
    """One quota."""

    words: str
    wanted: int


@dataclass(frozen=True)
class Method:
    """``draw`` is None before it was made. ``invited`` counts those too who filled a place that
    came free; ``accepted`` is None while it is too small to be told."""

    plan: Plan | None
    draw: Draw | None
    quota: list[Line]
    narrowed: list[str]
    invited: int
    accepted: int | None

    @property
    def wanted(self) -> int:
        """How many places there are."""
        return sum(line.wanted for line in self.quota)


def method_of(plan: Plan | None) -> Method:
    """One or two queries. A frame of fewer than five volunteers is never drawn from."""
    draw = getattr(plan, "draw", None)
    if draw is None:
        return Method(plan, None, [], [], 0, 0)
    counted = draw.invitations.aggregate(
        invited=Count("pk"), accepted=Count("pk", filter=Q(accepted_at__isnull=False))
    )
    return Method(
        plan=plan,
        draw=draw,
        quota=[Line(words_of(cell), wanted) for cell, wanted in draw.quota.items()],
        narrowed=[
            str(_WORDS[key][value]) for key, values in draw.narrowed.items() for value in values
        ],
        invited=counted["invited"],
        accepted=None if too_few(counted["accepted"]) else counted["accepted"],
    )
