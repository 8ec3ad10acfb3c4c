"""Rounds that anybody may try, in the list of what can be done now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crowdtasks.offering import Offer, Source
from crowdtasks.products import audience
from crowdtasks.products.actions.round import KIND
from crowdtasks.products.models import Award, Round, Step
from crowdtasks.products.models.award import TAKING
from crowdtasks.products.scale import seconds_of_scale
from participation.models import Engagement
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire

LABEL = _("Try a new service")


@dataclass(frozen=True)
class RoundOffer:
    """One round at one instant. Who comes when all rewards are taken may try it all the same."""

    minutes: int
    reward: int
    label: str
    left: int | None = None
    full: bool = False


def _facts(engagements: list[Engagement], now: dt.datetime) -> dict[int, Offer]:
    """By engagement; four queries however many there are."""
    rounds = Round.objects.in_bulk([row.pk for row in engagements if row.kind == KIND])
    if not rounds:
        return {}
    asked = dict(
        Questionnaire.objects.filter(engagement__in=rounds, key=MAIN).values_list(
            "engagement_id", "minutes"
        )
    )
    steps = dict(
        Step.objects.filter(round__in=rounds, retired_at=None)
        .order_by()
        .values_list("round")
        .annotate(number=Count("pk"))
    )
    # Who comes by is not asked it.
    scale = round(seconds_of_scale() / 60)
    taken = dict(
        Award.objects.filter(round__in=rounds, state__in=TAKING)
        .order_by()
        .values_list("round")
        .annotate(number=Count("pk"))
    )
    return {
        key: RoundOffer(
            minutes=asked.get(key, 0) + steps.get(key, 0) - (scale if row.asks_sus else 0),
            # No points are promised that are all taken.
            reward=row.reward if row.reward and taken.get(key, 0) < row.most else 0,
            label=str(LABEL),
        )
        for key, row in rounds.items()
    }


def listed() -> Source:
    """The rounds as a source of the list, those alone whose build is there to be tried. A step
    takes about a minute."""
    steps = (
        Step.objects.filter(round=OuterRef("pk"), retired_at=None)
        .order_by()
        .values("round")
        .annotate(number=Count("pk"))
        .values("number")
    )
    taken = (
        Award.objects.filter(round=OuterRef("pk"), state__in=TAKING)
        .order_by()
        .values("round")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Source(
        key=KIND,
        label=LABEL,
        offered=Q(kind=KIND, round__build__retired_at=None) & audience.open_rounds(),
        rewarded=Q(kind=KIND, round__reward__gt=0)
        & Q(round__reward_places__gt=Coalesce(Subquery(taken), 0)),
        minutes=Coalesce(Subquery(steps), 0)
        - Case(When(round__asks_sus=True, then=round(seconds_of_scale() / 60)), default=0),
        facts=_facts,
    )
