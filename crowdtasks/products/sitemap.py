"""What search engines find of products: the lists, the products, their rounds."""

from __future__ import annotations

from collections.abc import Iterator

from core import sitemap
from core.texts import LANGUAGES
from crowdtasks.products.listing import public_products
from crowdtasks.products.models import ProductSectionPage

MOST = 1000


def paths() -> Iterator[sitemap.Paths]:
    """Each page's path by language; two queries for any number, one where there is none."""
    products = public_products()
    newest = products.order_by("-published_at", "public_id").values_list("paths", flat=True)
    found = list(newest[:MOST])
    slugs: list[str] = []
    if found:
        sections = ProductSectionPage.objects.live().filter(
            bureau__in=products.order_by().values("owner")
        )
        slugs = list(sections.order_by("slug").values_list("slug", flat=True).distinct())
    for rest in ["products/", *(f"products/{slug}/" for slug in slugs)]:
        yield {language: f"/{language}/{rest}" for language in LANGUAGES}
    yield from filter(None, found)


def register() -> None:
    """Called from ``ready()``."""
    sitemap.register("products", paths)
