"""What search engines find of the panel: the page that says what volunteering is."""

from __future__ import annotations

from collections.abc import Iterator

from core import sitemap
from core.texts import LANGUAGES


def paths() -> Iterator[sitemap.Paths]:
    """One page; no query."""
    yield {language: f"/{language}/volunteers/" for language in LANGUAGES}


def register() -> None:
    """Called from ``ready()``."""
    sitemap.register("panel", paths)
