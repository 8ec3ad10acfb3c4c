"""Which products there are, and where each stands."""

from __future__ import annotations

from crowdtasks.products.actions.product import KIND
from participation.models import Engagement
from participation.querysets import EngagementQuerySet

PAGE_SIZE = 20


def public_products() -> EngagementQuerySet:
    """Every product the public sees."""
    return Engagement.objects.public().filter(kind=KIND, product__isnull=False)
