"""Acknowledging a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.actions.delivery import NAME_LIMIT


class AcknowledgeForm(forms.Form):
    """By name: colleagues see it, the public sees the date alone."""

    name = forms.CharField(
        label=_("Your name and post, as they shall stand in the record"),
        help_text=_("Your colleagues see it. The public page shows the date only."),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
