"""The officer's form of one idea of a result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from ideas.actions.result import PRIZE_LIMIT, REASON_LIMIT, WRITTEN
from ideas.forms.office import RadioField
from ideas.models import Distinction, ResultPlace

_PRIZES: dict[str, Any] = {
    "en": _("Prize, in English"),
    "zh-hant": _("Prize, in Traditional Chinese"),
    "zh-hans": _("Prize, in Simplified Chinese"),
}
_REASONS: dict[str, Any] = {
    "en": _("Reason, in English"),
    "zh-hant": _("Reason, in Traditional Chinese"),
    "zh-hans": _("Reason, in Simplified Chinese"),
}


def _field(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"


class PlaceForm(forms.Form):
    """What the idea is given, and why, in the languages of the platform."""

    distinction = RadioField(
        label=_("What is the idea given?"),
        choices=[*Distinction.choices, ("", _("Nothing"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in WRITTEN:
            self.fields[_field("prize", language)] = forms.CharField(
                label=_PRIZES[language],
                required=False,
                max_length=PRIZE_LIMIT,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        for language in WRITTEN:
            self.fields[_field("reason", language)] = LongTextField(
                label=_REASONS[language],
                required=False,
                max_length=REASON_LIMIT,
                strip=False,
                help_text=_("Left empty, it follows the Traditional text.")
                if language == "zh-hans"
                else "",
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def texts(self, name: str) -> dict[str, str]:
        """What was typed by language; ``name`` is 'prize' or 'reason'."""
        return {language: self.cleaned_data[_field(name, language)] for language in WRITTEN}


def initial_of(place: ResultPlace | None) -> dict[str, str]:
    """The form's values for a place as it stands."""
    if place is None:
        return {}
    return {
        "distinction": place.distinction,
        **{
            _field(name, language): text
            for name in ("prize", "reason")
            for language, text in getattr(place, name).items()
        },
    }
