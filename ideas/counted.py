"""What has to read every idea of a contest: kept for half a minute where there are many of them.

Counts of facets and orders of large contests may be as much older than the ideas themselves;
nothing that is withheld shows through, since what a page shows is read when it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from participation.models import Engagement

SECONDS = 30
#: Contests of more public ideas are large; counting fewer costs nothing that is felt.
LARGE = 1000
Found = TypeVar("Found")


def remembered(
    engagement: Engagement, size: int, what: tuple[object, ...], make: Callable[[], Found]
) -> Found:
    """What ``make`` gives; of a contest of ``size`` ideas, where that is large, at most ``SECONDS``
    ago. ``what`` names it among all that is kept of the contest."""
    if size <= LARGE:
        return make()
    digest = hashlib.sha256(repr(what).encode()).hexdigest()[:32]
    key = f"ideas:{engagement.public_id}:{digest}"
    found: Found | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found
