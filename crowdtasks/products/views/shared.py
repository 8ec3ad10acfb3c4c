"""What several pages of the room need."""

from __future__ import annotations

from django.utils.translation import gettext as _

from participation.models import Engagement


def crumbs(engagement: Engagement, language: str) -> list[dict[str, str]]:
    """The way to a page of a bureau's product."""
    return [
        {"href": f"/{language}/", "text": _("Home")},
        {"href": f"/{language}/products/", "text": _("Try new services")},
        {"href": f"/{language}/products/{engagement.owner.slug}/", "text": str(engagement.owner)},
    ]
