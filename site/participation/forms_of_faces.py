"""The editor's forms that every room's page begins from."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from accounts.models import Bureau
from participation.facets import DISTRICTS, TOPICS


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
