"""Forms of trying a build."""

from __future__ import annotations

from typing import Any

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


class StepForm(forms.Form):
    """How one step went."""

    use_required_attribute = False

    went = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Went.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how it went.")},
    )
    difficulty = forms.ChoiceField(
        label=_("Overall, how difficult or easy was this?"),
        choices=EASE,
        required=False,
        widget=forms.RadioSelect,
    )
    interrupted = forms.BooleanField(
        label=_("I was interrupted, so the time says nothing"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("went", "difficulty"):
            self.fields[name].label_class = "govuk-fieldset__legend--m"  # type: ignore[attr-defined]
