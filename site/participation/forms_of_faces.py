"""The editor's form that every room's page begins from."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

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
