"""Reads that several parts of the room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Bureau

    # Named in the base class below, as text, since models import their querysets.
    from crowdtasks.products.models import Attempt, Build  # noqa: F401


class BuildQuerySet(models.QuerySet["Build"]):
    """Builds of products."""

    def standing(self) -> BuildQuerySet:
        """Those that were not taken back, the newest first."""
        return self.filter(retired_at__isnull=True).order_by("-order", "-pk")

    def offered(self, bureau: Bureau) -> BuildQuerySet:
        """What a round of this bureau may offer: standing builds of its public products."""
        return (
            self.standing()
            .filter(product__engagement__owner=bureau, product__engagement__state="published")
            .select_related("product__engagement")
        )


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Tries of rounds."""

    def counted(self) -> AttemptQuerySet:
        """Handed in and still standing: what figures are made of."""
        return self.filter(
            contribution__state__in=["held", "published", "confidential"],
        )
