"""Forms of claiming the reward of a try."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A claim code as it was written down or pasted."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Claim code"),
        max_length=200,
        help_text=_(
            "16 letters and digits, such as 4K7Q-9M2W-D3XB-7HTA. Spaces and hyphens do not matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the claim code from your receipt.")},
    )
