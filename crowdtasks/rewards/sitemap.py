"""What search engines find of rewards: the catalogue, and what is offered now."""

from __future__ import annotations

from collections.abc import Iterator

from core import clock, sitemap
from core.texts import LANGUAGES
from crowdtasks.rewards.models import Reward

MOST = 500


def paths() -> Iterator[sitemap.Paths]:
    """Each page's path by language; one query. No catalogue while nothing is offered."""
    rows = Reward.objects.offered(clock.now()).order_by("-opens_at", "-pk")
    ids = list(rows.values_list("public_id", flat=True)[:MOST])
    if ids:
        yield _everywhere("rewards/")
    yield from (_everywhere(f"rewards/{public_id}/") for public_id in ids)


def _everywhere(rest: str) -> sitemap.Paths:
    return {language: f"/{language}/{rest}" for language in LANGUAGES}


def register() -> None:
    """Called from ``ready()``."""
    sitemap.register("rewards", paths)
