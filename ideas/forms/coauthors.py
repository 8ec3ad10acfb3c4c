"""Forms of co-authors. They hold what was typed; the actions judge it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.emails import EMAIL_MAXIMUM
from ideas.forms.ideas import CheckForm


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=EMAIL_MAXIMUM,
        help_text=_("Of somebody you know. Only this address can accept, once."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter an e-mail address.")},
    )


class AcceptForm(CheckForm):
    """A button, and the name to be shown where none is known yet."""
