"""Which rewards are offered, which units are free, which redemptions are whose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from accounts.models import Person
    from crowdtasks.rewards.models import Redemption, Reward, Unit  # noqa: F401


class RewardQuerySet(models.QuerySet["Reward"]):
    def offered(self, now: dt.datetime) -> RewardQuerySet:
        """In the catalogue: offered, begun, and not over."""
        return self.filter(state="offered", opens_at__lte=now).filter(
            Q(closes_at__isnull=True) | Q(closes_at__gt=now)
        )

    def with_left(self) -> RewardQuerySet:
        """With how many are left, as ``left``; counted by an index of what is free."""
        units = apps.get_model("rewards", "Unit")._default_manager
        free = (
            units.filter(taken_at__isnull=True, void_at__isnull=True)
            .filter(reward=OuterRef("pk"))
            .order_by()
            .values("reward")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(left=Coalesce(Subquery(free, output_field=IntegerField()), Value(0)))

    def in_stock(self) -> RewardQuerySet:
        """Of which something is left; after ``with_left``."""
        return self.filter(**{"left__gt": 0})


class UnitQuerySet(models.QuerySet["Unit"]):
    def free(self) -> UnitQuerySet:
        """Neither taken nor void."""
        return self.filter(taken_at__isnull=True, void_at__isnull=True)

    def first_not_taken(self) -> UnitQuerySet:
        """Locked for the transaction, past those that another buyer holds; in stock's order.

        On SQLite the transaction itself is the lock (it begins IMMEDIATE).
        """
        rows = self.free().order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        return rows


class RedemptionQuerySet(models.QuerySet["Redemption"]):
    def of(self, person: Person) -> RedemptionQuerySet:
        """One person's, the newest first."""
        return self.filter(person=person).select_related("reward__bureau").order_by("-at", "-pk")

    def kept_for(self, bureaux: Any) -> RedemptionQuerySet:
        """Prizes that these bodies hand out and that nobody has collected yet."""
        return self.filter(
            reward__bureau__in=bureaux, state__in=["reserved", "ready"]
        ).select_related("reward__bureau")
