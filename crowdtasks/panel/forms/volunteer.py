"""The form of volunteering. It holds what was chosen; the action judges it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crowdtasks.panel.facets import AGES, ASSISTIVE, DEVICES, DISTRICTS, LANGUAGES


class VolunteerForm(forms.Form):
    """Two things to begin; each further one says which invitations it opens."""

    use_required_attribute = False

    age = forms.ChoiceField(
        label=_("How old are you?"),
        choices=list(AGES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your age group.")},
    )
    devices = forms.MultipleChoiceField(
        label=_("Which of these do you use?"),
        choices=list(DEVICES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one device that you use.")},
    )
    district = forms.ChoiceField(
        label=_("In which district do you live?"),
        choices=[("", _("Prefer not to say")), *DISTRICTS.items()],
        required=False,
        help_text=_("Opens invitations to sessions near you, and to services of one district."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak well?"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Opens invitations to sessions held in these languages."),
    )
    assistive = forms.MultipleChoiceField(
        label=_("Do you use any of these?"),
        choices=list(ASSISTIVE.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Opens invitations to rounds in which a service is tried with it. It is used for "
            "nothing else."
        ),
    )
