"""Reads of the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import models
from django.db.models import Case, F, IntegerField, Value, When

#: From this long before the close of what it belongs to, an item goes before all others.
URGENT_WITHIN = dt.timedelta(hours=48)


class ItemQuerySet(models.QuerySet):
    """Adjectives on queue items; instants are passed in."""

    def waiting(self) -> ItemQuerySet:
        """What a moderator still has to decide."""
        return self.filter(state="waiting")

    def of_bureaux(self, codes: Collection[str]) -> ItemQuerySet:
        """Items of these bodies only; those of none (display names) are the platform's."""
        return self.filter(bureau_code__in=list(codes))

    def in_order(self, now: dt.datetime) -> ItemQuerySet:
        """Urgent ones first, the soonest close in front; then the oldest first.

        Urgent is what closes within ``URGENT_WITHIN``. A close that has passed is not urgent any
        more: held at the close counts as received, nobody is shut out by waiting.
        """
        urgent = models.Q(urgent_at__gt=now, urgent_at__lte=now + URGENT_WITHIN)
        return self.annotate(
            rank=Case(When(urgent, then=Value(0)), default=Value(1), output_field=IntegerField()),
            soon=Case(When(urgent, then=F("urgent_at"))),
        ).order_by("rank", F("soon").asc(nulls_last=True), "created_at", "pk")
