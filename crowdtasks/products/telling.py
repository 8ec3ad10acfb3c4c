"""Who hears of a round besides its own followers: those of its product, whom it is a part of."""

from __future__ import annotations

from collections.abc import Iterable

from crowdtasks.products.actions.round import KIND
from crowdtasks.products.models import Round
from participation.actions.telling import register_belonging
from participation.models import Engagement


def _product_of(engagement: Engagement) -> Iterable[int]:
    """The product's engagement."""
    return Round.objects.filter(engagement=engagement).values_list("build__product", flat=True)


def register() -> None:
    """Called from ``ready()``."""
    register_belonging(KIND, _product_of)
