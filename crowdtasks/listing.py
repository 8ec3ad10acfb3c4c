"""What can be done now, by time, kind and bureau, all in the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau
from crowdtasks.facts import CAMPAIGN
from crowdtasks.models import CampaignKind
from crowdtasks.offering import sources
from participation.models import Engagement
from participation.querysets import EngagementQuerySet
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire

PAGE_SIZE = 20
#: At most so many minutes.
MINUTES: dict[str, str | Promise] = {
    "1": _("1 minute"),
    "3": _("3 minutes at most"),
    "5": _("5 minutes at most"),
    "10": _("10 minutes at most"),
}
STATES: dict[str, str | Promise] = {
    "open": _("Open now"),
    "all": _("Closed and coming ones too"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader chose; unknown values are as if they were not there."""

    minutes: str = ""
    kind: str = ""
    reward: bool = False
    state: str = "open"

    @property
    def narrowed(self) -> bool:
        return bool(self.minutes or self.kind or self.reward)


def kinds() -> dict[str, str | Promise]:
    """Every kind there is to choose from."""
    own = {str(value): label for value, label in CampaignKind.choices}
    return own | {source.key: source.label for source in sources()}


def read_filters(parameters: QueryDict) -> Filters:
    """Filters from a query string."""
    minutes, kind = parameters.get("minutes", ""), parameters.get("kind", "")
    return Filters(
        minutes=minutes if minutes in MINUTES else "",
        kind=kind if kind in kinds() else "",
        reward=parameters.get("reward") == "1",
        state="all" if parameters.get("state") == "all" else "open",
    )


def found(filters: Filters, now: dt.datetime, bureau: Bureau | None = None) -> EngagementQuerySet:
    """What the filters leave: open ones first, soonest end first."""
    rows: Any = Engagement.objects.public().filter(_of(filters.kind))
    if filters.state == "open":
        rows = rows.open_now(now)
    if bureau is not None:
        rows = rows.filter(owner=bureau)
    if filters.reward:
        rewarded = Q(campaign__reward__gt=0)
        for source in sources():
            rewarded |= source.rewarded
        rows = rows.filter(rewarded)
    if filters.minutes:
        asked = Questionnaire.objects.filter(engagement=OuterRef("pk"), key=MAIN)
        besides = Case(
            *(When(source.offered, then=source.minutes) for source in sources()),
            default=Value(0),
            output_field=IntegerField(),
        )
        rows = rows.annotate(
            takes=Subquery(asked.values("minutes")[:1], output_field=IntegerField()) + besides
        ).filter(takes__lte=int(filters.minutes))
    ordered: EngagementQuerySet = (
        rows.select_related("owner", "outcome")
        .annotate(
            group=Case(
                When(opens_at__lte=now, closes_at__gt=now, then=Value(0)),
                When(opens_at__gt=now, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            ahead=Case(When(closes_at__gt=now, then=F("closes_at")), default=None),
        )
        .order_by("group", F("ahead").asc(nulls_last=True), "-closes_at", "public_id")
    )
    return ordered


def _of(kind: str) -> Q:
    """The condition of one kind, or of all."""
    if kind in CampaignKind.values:
        return CAMPAIGN & Q(campaign__kind=kind)
    condition = Q() if kind else CAMPAIGN
    for source in sources():
        if kind in {"", source.key}:
            condition |= source.offered
    return condition
