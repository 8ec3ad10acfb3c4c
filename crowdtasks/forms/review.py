"""Forms of looking at responses. They hold what was typed; the actions judge it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from crowdtasks.actions.reviewing import APPEAL_LIMIT, REASON_LIMIT
from crowdtasks.models import Verdict


class RadioField(forms.ChoiceField):
    """Radios with their question above."""

    label_class = "govuk-fieldset__legend--m"


class DecisionForm(forms.Form):
    """Accept or decline, and why."""

    verdict = RadioField(
        label=_("What do you decide?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = LongTextField(
        label=_("Why you decline it"),
        max_length=REASON_LIMIT,
        strip=False,
        required=False,
        help_text=_("Who answered reads it. Never decline for an opinion."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    known = forms.CharField(widget=forms.HiddenInput, max_length=10)


class AppealForm(forms.Form):
    """What one has to say to it."""

    text = LongTextField(
        label=_("What should the other officer know?"),
        max_length=APPEAL_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say why it should be looked at again.")},
    )
