"""The catalogue as it is read: what is offered, narrowed by kind, price and stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crowdtasks.rewards.models import Reward, RewardKind

PAGE_SIZE = 24
#: Prices that a reader may narrow to.
STEPS = (100, 250, 500, 1_000, 2_500)
ORDERS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "points": (_("Fewest points first"), ("points", "pk")),
    "new": (_("Newest first"), ("-opens_at", "-pk")),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; whatever is not known is left out."""

    kind: str = ""
    most: int = 0
    in_stock: bool = False
    order: str = "points"

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.kind or self.most or self.in_stock)


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address."""
    kind, most, order = query.get("kind", ""), query.get("most", ""), query.get("order", "")
    return Filters(
        kind=kind if kind in RewardKind.values else "",
        most=int(most) if most in {str(step) for step in STEPS} else 0,
        in_stock=query.get("left") == "1",
        order=order if order in ORDERS else "points",
    )


def offered(filters: Filters, now: dt.datetime, page: str | None) -> Page[Reward]:
    """One page of what is offered now; an address beyond the last shows the last."""
    rows = Reward.objects.offered(now).with_left().select_related("bureau", "picture")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.most:
        rows = rows.filter(points__lte=filters.most)
    if filters.in_stock:
        rows = rows.in_stock()
    rows = rows.order_by(*ORDERS[filters.order][1])
    return Paginator(rows, PAGE_SIZE).get_page(page)
