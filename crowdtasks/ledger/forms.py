"""The administrators' form: points for a bureau's budget."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Bureau
from core.ids import public_id


class GrantForm(forms.Form):
    """``key`` is drawn with the form, so that sending it twice grants once."""

    bureau = forms.ModelChoiceField(
        queryset=Bureau.objects.filter(in_use=True), label=pgettext_lazy("points", "Bureau")
    )
    points = forms.CharField(
        label=pgettext_lazy("points", "Points"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        max_length=12,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    key = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = public_id
