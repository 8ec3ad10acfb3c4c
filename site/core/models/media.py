"""Images and documents of officers. What citizens upload goes another way (participation)."""

from __future__ import annotations

from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from core.ids import receipt_code


class MediaImage(AbstractImage):
    """A picture in the CMS. ``credit`` is shown beside it; the description is its alt text.

    Not named ``Image``: Wagtail's own model of that name stays installed and would clash.
    """

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    def get_upload_to(self, filename: str) -> str:
        """A random name: the web server hands pictures out to whoever knows their address.

        So a picture of a draft is known to those alone who were shown it. Sizes of it take their
        names from this one.
        """
        return f"original_images/{receipt_code().lower()}{PurePath(filename).suffix.lower()[:6]}"

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]


class CustomRendition(AbstractRendition):
    """One size of a ``MediaImage``."""

    image = models.ForeignKey(MediaImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="core_rendition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.image_id} {self.filter_spec}"


class MediaDocument(AbstractDocument):
    """A file to download, in one of the platform's languages (or none in particular)."""

    language = models.CharField(_("language"), max_length=10, blank=True)

    admin_form_fields = (*WagtailDocument.admin_form_fields, "language")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]
