"""Makers of the ground's rows for tests."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Picture

from core import tree
from core.models import HomePage, MediaImage
from core.texts import LANGUAGES


def make_tree() -> dict[str, HomePage]:
    """The page tree as ``manage.py setup`` makes it; safe to call again.

    It is in the database before the first test: only one that takes it away finds none.
    """
    homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}
    return homes if len(homes) == len(LANGUAGES) else tree.ensure_tree()


def make_image(title: str = "Harbour", **fields: Any) -> MediaImage:
    """A small real picture in the CMS."""
    make_tree()
    content = io.BytesIO()
    Picture.new("RGB", (8, 6), (0, 96, 120)).save(content, "PNG")
    return MediaImage.objects.create(
        title=title, file=ContentFile(content.getvalue(), name="harbour.png"), **fields
    )
