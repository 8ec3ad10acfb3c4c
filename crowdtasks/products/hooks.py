"""What rooms that stand on products hang here, from ``AppConfig.ready()``.

Parts of the public pages and of the player, and who hears of new builds. Products name no one of
them. A part's ``context`` gives what its template needs; None leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from crowdtasks.products.models import Product
from participation.models import Engagement

#: Below the rounds of a product, below what is tried in a round, beside either, at a step of a try.
Slot = Literal["product", "round", "beside", "step"]
#: Called with the engagement, and at a step with its number from 1 (else 0).
Context = Callable[[Engagement, int], dict[str, Any] | None]
#: Called in the transaction that writes a product's builds.
Follower = Callable[[Product], None]


@dataclass(frozen=True)
class Part:
    """One part of a page."""

    template: str
    context: Context
    order: int = 100


_parts: dict[tuple[Slot, str], Part] = {}
_followers: list[Follower] = []


def register_part(slot: Slot, template: str, context: Context, *, order: int = 100) -> None:
    """Add a part; the same template in the same slot again replaces it."""
    _parts[slot, template] = Part(template, context, order)


def parts_of(slot: Slot, engagement: Engagement, number: int = 0) -> list[dict[str, Any]]:
    """The parts of a slot, each as ``{"template": …, "context": …}``, in order."""
    found = [part for (place, _template), part in _parts.items() if place == slot]
    shown = []
    for part in sorted(found, key=lambda one: (one.order, one.template)):
        context = part.context(engagement, number)
        if context is not None:
            shown.append({"template": part.template, "context": context})
    return shown


def on_builds(follower: Follower) -> None:
    """Call ``follower(product)`` whenever its builds were written."""
    if follower not in _followers:
        _followers.append(follower)


def tell_builds(product: Product) -> None:
    """Called by the action that writes them."""
    for follower in _followers:
        follower(product)
