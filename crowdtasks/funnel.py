"""How far a campaign has come, in numbers: begun, handed in, accepted, and how long it took."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from crowdtasks.models import Campaign, CampaignKind, Claim
from crowdtasks.querysets import places_left
from crowdtasks.states import FINISHED, ClaimState
from participation.models import Engagement
from questionnaires.loading import MAIN
from questionnaires.models import Draft, Response

#: Of so many of the newest responses the median time is taken.
TIMED = 10_000

STEPS: dict[str, str | Promise] = {
    "started": pgettext_lazy("of a task", "Begun"),
    "finished": pgettext_lazy("of a task", "Handed in"),
    "review": pgettext_lazy("of a task", "To be looked at"),
    "accepted": pgettext_lazy("of a task", "Accepted"),
    "declined": pgettext_lazy("of a task", "Declined"),
}


@dataclass(frozen=True)
class Funnel:
    """``started`` is at least ``finished``; ``seconds`` the median time of what was handed in.

    Where anybody may answer without signing in, those responses are handed in and accepted.
    """

    started: int
    finished: int
    review: int
    accepted: int
    declined: int
    places: int | None
    left: int | None
    seconds: int | None
    #: Points set aside and not returned, and what of them accepted responses earned.
    set_aside: int
    given: int

    @property
    def cost(self) -> float | None:
        """What one accepted response cost on average, in points."""
        return round(self.given / self.accepted, 1) if self.set_aside and self.accepted else None

    @property
    def taken(self) -> int | None:
        """How many places are held or used now."""
        return None if self.places is None or self.left is None else self.places - self.left

    @property
    def fill(self) -> float | None:
        """The share of places with a response that was accepted, in per cent."""
        return round(100 * self.accepted / self.places, 1) if self.places else None

    @property
    def minutes(self) -> float | None:
        """The median time, in minutes to one decimal."""
        return None if self.seconds is None else round(self.seconds / 60, 1)

    @property
    def pairs(self) -> list[tuple[str | Promise, int]]:
        """Each step with its number."""
        return [(words, getattr(self, key)) for key, words in STEPS.items()]


def funnel_of(engagement: Engagement, now: dt.datetime) -> Funnel:
    """The numbers at this instant; six queries whatever their size."""
    campaign: Campaign = engagement.campaign
    counted = Claim.objects.filter(campaign=campaign).aggregate(
        begun=Count("pk"),
        finished=Count("pk", filter=Q(state__in=FINISHED)),
        review=Count("pk", filter=Q(state=ClaimState.REVIEW)),
        accepted=Count("pk", filter=Q(state=ClaimState.ACCEPTED)),
        declined=Count("pk", filter=Q(state__in=(ClaimState.DECLINED, ClaimState.REFUSED))),
        given=Sum("points", filter=Q(state=ClaimState.ACCEPTED)),
    )
    nobodys = Response.objects.filter(
        questionnaire__engagement=engagement, questionnaire__key=MAIN, person=None, live=True
    ).count()
    finished = counted["finished"] + nobodys
    drafts = Draft.objects.filter(
        questionnaire__engagement=engagement, questionnaire__key=MAIN, submitted_at=None
    )
    unfinished = drafts.filter(response=None).count()
    holds = campaign.places is not None and campaign.kind == CampaignKind.SURVEY
    times = (
        Claim.objects.filter(campaign=campaign, seconds__isnull=False, state__in=FINISHED)
        .order_by("-pk")
        .values_list("seconds", flat=True)[:TIMED]
    )
    found = [seconds for seconds in times if seconds is not None]
    return Funnel(
        started=counted["begun"] if holds else finished + unfinished,
        finished=finished,
        review=counted["review"],
        accepted=counted["accepted"] + nobodys,
        declined=counted["declined"],
        places=campaign.places,
        left=places_left(campaign, now),
        seconds=round(median(found)) if found else None,
        set_aside=campaign.set_aside,
        given=counted["given"] or 0,
    )
