"""The administrators' forms: points for a bureau's budget, corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Bureau
from core.ids import public_id
from crowdtasks.ledger.actions.budgets import REASON_LIMIT

_CHOOSE = pgettext_lazy("points", "Choose a bureau")


class _Keyed(forms.Form):
    """``key`` is drawn with the form, so that sending it twice acts once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = public_id


def _points() -> forms.CharField:
    # Text: what is no whole number is told by the action, in words, with what was typed.
    return forms.CharField(
        label=pgettext_lazy("points", "Points"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-10", "autocomplete": "off"}
        ),
        max_length=30,
    )


def _bureau(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset=Bureau.objects.filter(in_use=True), label=label, empty_label=_CHOOSE
    )


class GrantForm(_Keyed):
    """Points for a budget."""

    bureau = _bureau(pgettext_lazy("points", "Bureau"))
    points = _points()
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LIMIT)


class CorrectionForm(_Keyed):
    """Points added to, or taken from, what one person may spend."""

    what = forms.ChoiceField(
        label=pgettext_lazy("points", "What is to be done"),
        choices=[
            ("award", pgettext_lazy("points", "Add points")),
            ("deduct", pgettext_lazy("points", "Take points")),
        ],
        widget=forms.RadioSelect,
    )
    points = _points()
    bureau = forms.ModelChoiceField(
        queryset=Bureau.objects.filter(in_use=True),
        label=pgettext_lazy("points", "Bureau whose budget pays"),
        empty_label=_CHOOSE,
        required=False,
        help_text=_("Only for points that are added. What is taken returns to no budget."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        help_text=_("The person reads it in the statement of points."),
    )

    def clean(self) -> dict[str, Any]:
        """A bureau pays for what is added."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == "award" and "bureau" in cleaned and cleaned["bureau"] is None:
            self.add_error("bureau", _("Choose the bureau whose budget pays."))
        return cleaned


class ReversalForm(_Keyed):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        help_text=_("The person reads it in the statement of points."),
    )
