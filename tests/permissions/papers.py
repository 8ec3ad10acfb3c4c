"""Papers by their address: a published one is everybody's, a draft nobody's."""

from typing import Any

from tests.factories.consultations import make_paper, make_paper_draft
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World


def _published(world: World, role: str) -> dict[str, Any]:
    page, _engagement = make_paper(bureau=world.epd)
    return {"bureau": "epd", "slug": page.slug}


def _draft(world: World, role: str) -> dict[str, Any]:
    page = make_paper_draft(bureau=world.epd)
    return {"bureau": "epd", "slug": page.slug}


ROWS = [
    Row("paper", "GET", everyone(200), kwargs=_published),
    Row("register", "GET", everyone(200)),
    Row("sitemap", "GET", everyone(200)),
    Row("feed", "GET", everyone(200)),
    Row("calendar", "GET", everyone(200)),
    Row("paper", "GET", everyone(404), kwargs=_draft, label="draft"),
]
