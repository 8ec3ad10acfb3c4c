"""Forms of trying a build."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crowdtasks.products.models import Went

EASE = [
    ("1", _("1 – very difficult")),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("6", "6"),
    ("7", _("7 – very easy")),
]


class _Radios(forms.ChoiceField):
    """Radios with their question above."""

    label_class = "govuk-fieldset__legend--m"


class StepForm(forms.Form):
    """How one step went."""

    use_required_attribute = False

    went = _Radios(
        label=_("How did it go?"),
        choices=Went.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how it went.")},
    )
    difficulty = _Radios(
        label=_("Overall, how difficult or easy was this?"),
        choices=EASE,
        required=False,
        widget=forms.RadioSelect,
    )
    interrupted = forms.BooleanField(
        label=_("I was interrupted, so the time says nothing"), required=False
    )
