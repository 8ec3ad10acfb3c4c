"""What search engines find of contests: the lists, the contests, their newest public ideas."""

from __future__ import annotations

from collections.abc import Iterator

from core import sitemap
from core.texts import LANGUAGES
from ideas.actions.contest import KIND
from ideas.models import ContestSectionPage, Idea
from participation.models import Engagement

MOST_CONTESTS, MOST_IDEAS = 1000, 4000


def paths() -> Iterator[sitemap.Paths]:
    """Each page's path by language; three queries for any number."""
    contests = Engagement.objects.public().filter(kind=KIND, contest__isnull=False)
    sections = ContestSectionPage.objects.live().filter(
        bureau__in=contests.order_by().values("owner")
    )
    slugs = sections.order_by("slug").values_list("slug", flat=True).distinct()
    rests = ["contests/", *(f"contests/{slug}/" for slug in slugs)]
    yield from map(_everywhere, rests)
    newest = contests.order_by("-published_at", "public_id").values_list("paths", flat=True)
    yield from filter(None, newest[:MOST_CONTESTS])
    ideas = Idea.objects.public().filter(engagement__state="published").newest()
    ids = ideas.values_list("contribution__public_id", flat=True)[:MOST_IDEAS]
    yield from (_everywhere(f"ideas/{public_id}/") for public_id in ids)


def _everywhere(rest: str) -> sitemap.Paths:
    return {language: f"/{language}/{rest}" for language in LANGUAGES}


def register() -> None:
    """Called from ``ready()``."""
    sitemap.register("ideas", paths)
