"""The editor's forms that every room's page begins from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from accounts.models import Bureau
from participation.facets import DISTRICTS, TOPICS

#: Years in which nothing is: the ends of the calendar overflow time zones.
_FIRST, _LAST = 1990, 2190


class FaceForm(WagtailAdminPageForm):
    """Wagtail's form of a ``FacePage`` with topics and districts as tick boxes."""

    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=TOPICS, required=False, widget=forms.CheckboxSelectMultiple
    )
    districts = forms.MultipleChoiceField(
        label=_("Districts"),
        choices=DISTRICTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it concerns all of Hong Kong."),
    )

    def has_unreal_days(self, cleaned: Mapping[str, Any]) -> bool:
        """Whether a day lies where no day of ours can; its field then says so."""
        found = [
            name
            for name, value in cleaned.items()
            if isinstance(value, dt.date) and not _FIRST <= value.year <= _LAST
        ]
        for name in found:
            self.add_error(name, _("Enter a real date, such as 31 12 2026."))
        return bool(found)


def _bodies() -> list[tuple[str, str]]:
    """Every body in use by its code, in the reader's language."""
    rows = Bureau.objects.filter(in_use=True).order_by("sort_order", "code")
    return [(row.code, str(row)) for row in rows]


class PartneredForm(FaceForm):
    """The form of a ``PartneredPage``, with its partner bodies as tick boxes."""

    partners = forms.MultipleChoiceField(
        label=_("Partner bodies"),
        choices=_bodies,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Named with your bureau. Their officers read what comes in and reply as you do."
        ),
    )
