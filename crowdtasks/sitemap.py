"""What search engines find of tasks: the lists and the campaigns."""

from __future__ import annotations

from collections.abc import Iterator

from core import sitemap
from core.texts import LANGUAGES
from crowdtasks.facts import public_campaigns
from crowdtasks.models import TaskSectionPage

MOST = 1000


def paths() -> Iterator[sitemap.Paths]:
    """Each page's path by language; two queries for any number, one where there is none."""
    campaigns = public_campaigns()
    newest = campaigns.order_by("-published_at", "public_id").values_list("paths", flat=True)
    found = list(newest[:MOST])
    slugs: list[str] = []
    if found:
        sections = TaskSectionPage.objects.live().filter(
            bureau__in=campaigns.order_by().values("owner")
        )
        slugs = list(sections.order_by("slug").values_list("slug", flat=True).distinct())
    for rest in ["tasks/", *(f"tasks/{slug}/" for slug in slugs)]:
        yield {language: f"/{language}/{rest}" for language in LANGUAGES}
    yield from filter(None, found)


def register() -> None:
    """Called from ``ready()``."""
    sitemap.register("crowdtasks", paths)
