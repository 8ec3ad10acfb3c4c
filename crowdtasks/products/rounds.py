"""What pages say of rounds: which there are of a product, and how many have tried each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise

from core.dates import FOREVER
from core.texts import pick
from crowdtasks.products.models import Attempt, Round
from participation import faces
from participation.models import Engagement
from participation.stages import Stage, published_outcome, stage


@dataclass(frozen=True)
class RoundCard:
    """One round on the page of its product."""

    engagement: Engagement
    version: str
    #: Whether the bureau has taken its build back.
    taken_back: bool
    url: str
    state: str
    tried: int
    #: What was learned, once the bureau has written it.
    outcome: Any

    @property
    def open_label(self) -> str | Promise:
        """What is said of one that is open: nobody comments on a round."""
        return faces.words_of(self.engagement).open

    @property
    def is_open(self) -> bool:
        return self.state in {Stage.OPEN.value, Stage.CLOSING_SOON.value}


def rounds_of(product: Engagement, now: dt.datetime, language: str) -> list[RoundCard]:
    """The public rounds of a product, the newest first; two queries for any number."""
    rows = list(
        Round.objects.filter(build__product=product.pk, engagement__state="published")
        .select_related("build", "engagement__owner", "engagement__outcome")
        .order_by("-engagement__opens_at", "-pk")
    )
    tried = tried_by_round([row.pk for row in rows])
    return [
        RoundCard(
            engagement=row.engagement,
            version=row.build.version,
            taken_back=row.build.retired_at is not None,
            url=pick(row.engagement.paths or {}, language).text,
            state=stage(row.engagement, now).value,
            tried=tried.get(row.pk, 0),
            outcome=published_outcome(row.engagement),
        )
        for row in rows
    ]


def next_of(cards: list[RoundCard]) -> RoundCard | None:
    """The round to take part in next: an open one, else what opens first; None where none is
    planned, or where their builds were taken back."""
    cards = [one for one in cards if not one.taken_back]
    if now_open := [one for one in cards if one.is_open]:
        return min(now_open, key=lambda one: one.engagement.closes_at or FOREVER)
    coming = [one for one in cards if one.state == Stage.UPCOMING.value]
    return min(coming, key=lambda one: one.engagement.opens_at or FOREVER, default=None)


def tried_by_round(keys: list[int]) -> dict[int, int]:
    """How many have tried the build of each round to the end."""
    rows = Attempt.objects.counted().filter(round__in=keys).order_by()
    return dict(rows.values_list("round").annotate(number=Count("pk")))
