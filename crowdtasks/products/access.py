"""Every fetch of a product, a build or a round at an edge: hidden and absent look the same."""

from __future__ import annotations

from typing import Any

from core.exceptions import Absent
from crowdtasks.products.models import ProductPage, Round, RoundPage, Step
from participation.access import access_engagement, access_engagement_of
from participation.models import Engagement


def access_public_page(
    bureau: str, slug: str, language: str
) -> tuple[ProductPage | RoundPage, Engagement]:
    """The live page at ``/<language>/products/<bureau>/<slug>/`` and its engagement: a product or
    one of its rounds, which stand beside one another. Raises Absent.
    """
    for page_class, row in ((ProductPage, "product"), (RoundPage, "round")):
        found: Any = (
            page_class._default_manager.live()
            .select_related("locale", "cover")
            .filter(
                locale__language_code=language,
                slug=slug,
                url_path__endswith=f"/products/{bureau}/{slug}/",
            )
            .first()
        )
        if found is not None:
            return found, access_engagement_of(found, row)
    raise Absent


def access_round(public_id: str) -> Round:
    """A public round with its build and engagement. Raises Absent for other kinds."""
    engagement = access_engagement(public_id)
    row = (
        Round.objects.select_related("build__document", "build__product__engagement")
        .filter(engagement=engagement)
        .first()
    )
    if row is None:
        raise Absent
    row.engagement = engagement
    return row


def access_step(round: Round, number: int) -> tuple[Step, list[Step]]:
    """The step of that number, from 1, and all of them. Raises Absent."""
    steps = steps_of(round)
    if not 1 <= number <= len(steps):
        raise Absent
    return steps[number - 1], steps


def steps_of(round: Round) -> list[Step]:
    """The steps people are asked to try, in order."""
    return list(round.steps.filter(retired_at=None))
