"""What lists, pages and the API say of a campaign: minutes, places left, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from crowdtasks.actions.campaign import KIND
from crowdtasks.models import Campaign
from crowdtasks.states import KEEPING, ClaimState
from participation.models import Engagement
from participation.querysets import EngagementQuerySet
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire

#: What makes an engagement a poll or a survey.
CAMPAIGN = Q(kind=KIND, campaign__isnull=False)


def public_campaigns() -> EngagementQuerySet:
    """All campaigns that everybody may read."""
    found: EngagementQuerySet = Engagement.objects.public().filter(CAMPAIGN)
    return found


@dataclass(frozen=True)
class Facts:
    """The figures of one campaign at one instant. ``left`` is None where there is no quota."""

    campaign: Campaign
    minutes: int
    questions: int
    left: int | None

    @property
    def label(self) -> str:
        return str(self.campaign.get_kind_display())

    @property
    def reward(self) -> int:
        return self.campaign.reward

    @property
    def is_poll(self) -> bool:
        return self.campaign.kind == "poll"

    @property
    def full(self) -> bool:
        return self.left == 0


def facts_of(engagements: list[Engagement], now: dt.datetime) -> dict[int, Facts]:
    """By engagement; three queries however many there are."""
    keys = [row.pk for row in engagements]
    campaigns = Campaign.objects.in_bulk(keys)
    asked = {
        row.engagement_id: row
        for row in Questionnaire.objects.filter(engagement__in=keys, key=MAIN)
    }
    holding = Q(claims__place__isnull=False) & (
        Q(claims__state__in=KEEPING) | Q(claims__state=ClaimState.LIVE, claims__expires_at__gt=now)
    )
    taken = dict(
        Campaign.objects.filter(pk__in=keys, places__isnull=False)
        .order_by()
        .annotate(taken=Count("claims", filter=holding))
        .values_list("pk", "taken")
    )
    return {
        key: Facts(
            campaign=campaign,
            minutes=asked[key].minutes if key in asked else 0,
            questions=asked[key].asked if key in asked else 0,
            left=None if campaign.places is None else max(0, campaign.places - taken.get(key, 0)),
        )
        for key, campaign in campaigns.items()
    }
