"""The form of an own statement. It holds what was typed; the action judges it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.statements import TEXT_LIMIT
from core.fields import LongTextField
from core.ids import receipt_code


class StatementForm(forms.Form):
    """One sentence, and the key that makes a form sent twice one entry."""

    text = LongTextField(
        label=_("Your statement"),
        max_length=TEXT_LIMIT,
        strip=False,
        help_text=_("One thought in one sentence, so that others can agree or disagree with it."),
        error_messages={"required": _("Write your statement.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = receipt_code


class SubmitForm(forms.Form):
    """Nothing to fill in: the held text is submitted as it stands."""
