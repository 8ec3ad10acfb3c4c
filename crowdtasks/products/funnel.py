"""How far a round has come, in numbers: begun, handed in, rewarded, and what it cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from crowdtasks.products.models import Attempt, Award, AwardState, Round
from crowdtasks.products.models.award import TAKING

#: Of so many of the newest tries the median time is taken.
TIMED = 10_000

STEPS: dict[str, str | Promise] = {
    "started": pgettext_lazy("of a round", "Begun"),
    "finished": pgettext_lazy("of a round", "Handed in"),
    "unclaimed": pgettext_lazy("of a round", "Rewards that wait for their code"),
    "loose": pgettext_lazy("of a round", "Codes with no reward set aside"),
    "review": pgettext_lazy("of a round", "Rewards to be looked at"),
    "accepted": pgettext_lazy("of a round", "Rewarded"),
    "declined": pgettext_lazy("of a round", "Not counted for a reward"),
}


@dataclass(frozen=True)
class Funnel:
    """``started`` is at least ``finished``: unfinished tries count while their drafts are kept.

    ``given`` are the points of those that were rewarded, ``seconds`` the median time of a try.
    """

    started: int
    finished: int
    unclaimed: int
    loose: int
    review: int
    accepted: int
    declined: int
    places: int | None
    taken: int
    seconds: int | None
    set_aside: int
    given: int

    @property
    def cost(self) -> float | None:
        """What one try that was handed in cost on average, in points; they all count."""
        return round(self.given / self.finished, 1) if self.set_aside and self.finished else None

    @property
    def fill(self) -> float | None:
        """The share of rewards that somebody has, in per cent."""
        return round(100 * self.accepted / self.places, 1) if self.places else None

    @property
    def minutes(self) -> float | None:
        """The median time, in minutes to one decimal."""
        return None if self.seconds is None else round(self.seconds / 60, 1)

    @property
    def pairs(self) -> list[tuple[str | Promise, int]]:
        """Each step with its number; those of rewards only where there are any."""
        shown = STEPS if self.set_aside else {key: STEPS[key] for key in ("started", "finished")}
        return [(words, getattr(self, key)) for key, words in shown.items()]


def funnel_of(row: Round, now: dt.datetime) -> Funnel:
    """The numbers at this instant; four queries whatever their size."""
    tries = Attempt.objects.filter(round=row)
    finished = tries.counted()
    times = finished.order_by("-pk").values_list("begun_at", "finished_at")[:TIMED]
    taken = [(end - begun).total_seconds() for begun, end in times if end is not None]
    counted = Award.objects.filter(round=row).aggregate(
        unclaimed=Count("pk", filter=Q(state=AwardState.OPEN)),
        loose=Count("pk", filter=Q(state=AwardState.LOOSE)),
        review=Count("pk", filter=Q(state=AwardState.REVIEW)),
        accepted=Count("pk", filter=Q(state=AwardState.ACCEPTED)),
        declined=Count("pk", filter=Q(state__in=(AwardState.DECLINED, AwardState.REFUSED))),
        taken=Count("pk", filter=Q(state__in=TAKING)),
        given=Sum("points", filter=Q(state=AwardState.ACCEPTED)),
    )
    handed_in = finished.count()
    return Funnel(
        started=handed_in + tries.filter(contribution=None).count(),
        finished=handed_in,
        unclaimed=counted["unclaimed"],
        loose=counted["loose"],
        review=counted["review"],
        accepted=counted["accepted"],
        declined=counted["declined"],
        places=row.reward_places if row.reward else None,
        taken=counted["taken"],
        seconds=round(median(taken)) if taken else None,
        set_aside=row.set_aside,
        given=counted["given"] or 0,
    )
