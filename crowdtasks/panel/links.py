"""The way from a round's page in the CMS to its desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crowdtasks.products import office
from crowdtasks.products.models import Round, WhoTries
from crowdtasks.products.office import Link
from participation.models import Engagement


def _links(engagement: Engagement) -> Iterator[Link]:
    if Round.objects.filter(engagement=engagement, who=WhoTries.INVITED).exists():
        yield _("Invited volunteers"), reverse("panel:desk", args=[engagement.public_id])


def register() -> None:
    """Called from ``ready()``."""
    office.register("panel", _links)
