"""Forms of the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from crowdtasks.findings.actions.triage import REASON_LIMIT, VERSION_LIMIT
from crowdtasks.findings.models import Triage

#: The choice of a build that is not public yet.
ANOTHER = "-"


class TriageForm(forms.Form):
    """What becomes of a finding. ``known`` is the state the officer was shown."""

    use_required_attribute = False

    state = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=Triage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of it.")},
    )
    build = forms.ChoiceField(label=_("Mended in build"), required=False)
    version = forms.CharField(
        label=_("Its version, if that build is not public yet"),
        required=False,
        max_length=VERSION_LIMIT,
        help_text=_("Who reported it is told on the day that build is published."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = LongTextField(
        label=_("Reason, or what you say to it"),
        required=False,
        max_length=REASON_LIMIT,
        strip=False,
        help_text=_("Everybody can read it. It is needed where something will not be mended."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    known = forms.CharField(widget=forms.HiddenInput)
    after = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, builds: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["build"]
        field.choices = [("", "–"), *builds, (ANOTHER, _("A build that is not public yet"))]

    def named(self) -> str:
        """The version of the build that mends it, however it was named."""
        typed: str = self.cleaned_data["version"]
        chosen: str = self.cleaned_data["build"]
        return typed if chosen in {"", ANOTHER} else chosen


class MergeForm(forms.Form):
    """The finding this one is the same as."""

    into = forms.CharField(
        label=_("Number of the other finding"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Say which finding it is the same as.")},
    )
