"""What the pages list: builds of a product, steps of a round.

A block id is kept in every language and later version: it is the key of its row. A build's version
and address are no text blocks, so they are never offered to translators.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from core.exceptions import Invalid
from crowdtasks.products.links import LENGTH, check_link

VERSION_LIMIT = 40
TEXT_LIMIT = 2000
MOST_BUILDS = 60
TITLE_LIMIT = 120
TASK_LIMIT = 1000
MOST_STEPS = 10


class VersionBlock(blocks.FieldBlock):
    """What the makers call it: the same in every language."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(max_length=VERSION_LIMIT)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class LinkBlock(blocks.FieldBlock):
    """Where it can be tried; only addresses that everybody reaches."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=LENGTH, widget=forms.URLInput)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        try:
            return check_link(text) if text else ""
        except Invalid as error:
            raise ValidationError(str(error)) from error

    class Meta:
        default = ""


class BuildBlock(blocks.StructBlock):
    """One state of the product that people can try."""

    version = VersionBlock(label=_("Version"))
    released_on = blocks.DateBlock(required=False, label=_("Made on"))
    link = LinkBlock(
        required=False,
        label=_("Address to try it at"),
        help_text=_("https:// and open to everybody. Its QR code is made from it."),
    )
    document = DocumentChooserBlock(
        required=False,
        label=_("Or a file to install"),
        help_text=_(
            "An app (apk), a zip file or a document, 48 MB at most. Shown with its SHA-256, so "
            "that people can check what they have."
        ),
    )
    to_try = blocks.TextBlock(
        default="", required=False, max_length=TEXT_LIMIT, rows=3, label=_("What to try")
    )
    known_issues = blocks.TextBlock(
        default="",
        required=False,
        max_length=TEXT_LIMIT,
        rows=2,
        label=_("Known issues"),
        help_text=_("So that nobody spends time on what you know already."),
    )
    changes = blocks.TextBlock(
        default="",
        required=False,
        max_length=TEXT_LIMIT,
        rows=2,
        label=_("What changed since the build before"),
    )

    class Meta:
        icon = "download"
        label = _("Build")
        label_format = "{version}"


class BuildsBlock(blocks.StreamBlock):
    build = BuildBlock()

    class Meta:
        required = False
        max_num = MOST_BUILDS


class StepBlock(blocks.StructBlock):
    """One thing to do with the build."""

    title = blocks.CharBlock(default="", max_length=TITLE_LIMIT, label=_("Step"))
    task = blocks.TextBlock(
        default="",
        max_length=TASK_LIMIT,
        rows=3,
        label=_("What to do"),
        help_text=_("An aim, not the buttons to press: “Book a quiet seat for tomorrow.”"),
    )

    class Meta:
        icon = "tasks"
        label = _("Step")
        label_format = "{title}"


class StepsBlock(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        required = False
        max_num = MOST_STEPS
