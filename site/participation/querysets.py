"""Reads that every room shares. Adjectives; instants are passed in, never taken here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    # Named in the base class below, as text, since models import their querysets.
    from participation.models.engagement import Engagement  # noqa: F401

#: "Closing soon" is the last seven days (product words).
CLOSING_SOON = timedelta(days=7)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """The public stages as filters; the same rules as ``participation.stages.stage``."""

    def public(self) -> EngagementQuerySet:
        """Published ones: upcoming, open or past. Drafts and withdrawn ones never."""
        return self.filter(state="published")

    def upcoming(self, now: datetime) -> EngagementQuerySet:
        return self.public().filter(opens_at__gt=now)

    def open_now(self, now: datetime) -> EngagementQuerySet:
        """Open for taking part, closing soon included."""
        return self.public().filter(opens_at__lte=now, closes_at__gt=now)

    def closing_soon(self, now: datetime) -> EngagementQuerySet:
        return self.open_now(now).filter(closes_at__lte=now + CLOSING_SOON)

    def closed(self, now: datetime) -> EngagementQuerySet:
        """Past the close, whatever became of it."""
        return self.public().filter(closes_at__lte=now)

    def with_outcome(self) -> EngagementQuerySet:
        return self.public().filter(outcome__published_at__isnull=False)

    def answer_owed(self, now: datetime) -> EngagementQuerySet:
        """Closed with a response date and no outcome yet, overdue or not."""
        return self.closed(now).filter(
            Q(outcome__isnull=True) | Q(outcome__published_at__isnull=True),
            response_due__isnull=False,
        )
