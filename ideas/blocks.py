"""What a contest's page lists: criteria with weights, categories, links.

Each block's id is kept in every language and later version; publishing writes one row for each.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

NAME_LIMIT = 80
DETAIL_LIMIT = 600
MOST_CRITERIA = 12
MOST_CATEGORIES = 20
MOST_LINKS = 20


class CriterionBlock(blocks.StructBlock):
    """What ideas are judged by, and how much it counts."""

    name = blocks.CharBlock(max_length=NAME_LIMIT, label=_("Criterion"))
    detail = blocks.TextBlock(
        required=False,
        max_length=DETAIL_LIMIT,
        rows=2,
        label=_("What it means"),
        help_text=_("What a good idea has and a poor one lacks."),
    )
    weight = blocks.IntegerBlock(
        min_value=1,
        max_value=100,
        label=_("Weight"),
        help_text=_("In per cent. All weights together make 100."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Criterion")


class CriteriaBlock(blocks.StreamBlock):
    criterion = CriterionBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        total = sum(child.value["weight"] for child in cleaned)
        if cleaned and total != 100:
            raise blocks.StreamBlockValidationError(
                non_block_errors=[
                    ValidationError(_("The weights make %(total)d, not 100.") % {"total": total})
                ]
            )
        return cleaned

    class Meta:
        required = False
        max_num = MOST_CRITERIA


class CategoriesBlock(blocks.StreamBlock):
    category = blocks.CharBlock(max_length=NAME_LIMIT, icon="tag", label=_("Category"))

    class Meta:
        required = False
        max_num = MOST_CATEGORIES


class LinkBlock(blocks.StructBlock):
    """A data set, a study, a page to know of before writing."""

    label = blocks.CharBlock(max_length=200, label=_("What it is"))
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Link")


class LinksBlock(blocks.StreamBlock):
    link = LinkBlock()

    class Meta:
        required = False
        max_num = MOST_LINKS
