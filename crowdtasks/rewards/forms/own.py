"""Forms of citizens and of the counter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crowdtasks.rewards.actions.redeeming import KEY_MAXIMUM


class RedeemForm(forms.Form):
    """One press: which press it is, and the price that was read."""

    key = forms.CharField(max_length=KEY_MAXIMUM, min_length=16, widget=forms.HiddenInput)
    agreed = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SlipForm(forms.Form):
    """The collection code that somebody reads out at the counter."""

    slip = forms.CharField(
        label=_("Collection code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
            }
        ),
        help_text=_("Eight letters and digits, as on the page of the prize."),
        error_messages={"required": _("Enter the collection code.")},
    )
