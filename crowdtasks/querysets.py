"""Reads of places and claims, and of what can be done now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from crowdtasks.states import HOLDING, KEEPING, ClaimState

if TYPE_CHECKING:
    from crowdtasks.models import Campaign


class PlaceQuerySet(models.QuerySet[Any]):
    """Places of campaigns."""

    def untaken(self) -> PlaceQuerySet:
        """Places that no claim holds, not even one whose time is over."""
        return self.exclude(claims__state__in=HOLDING)


class ClaimQuerySet(models.QuerySet[Any]):
    """Claims."""

    def holding(self, now: dt.datetime) -> ClaimQuerySet:
        """Those that keep a place from others at this instant."""
        return self.filter(place__isnull=False).filter(
            Q(state__in=KEEPING) | Q(state=ClaimState.LIVE, expires_at__gt=now)
        )

    def overdue(self, now: dt.datetime) -> ClaimQuerySet:
        """Live ones whose time is over."""
        return self.filter(state=ClaimState.LIVE, expires_at__lte=now)


def places_left(campaign: Campaign, now: dt.datetime) -> int | None:
    """How many places can be taken at this instant; None where there is no quota. One query."""
    if campaign.places is None:
        return None
    return max(0, campaign.places - campaign.claims.holding(now).count())
