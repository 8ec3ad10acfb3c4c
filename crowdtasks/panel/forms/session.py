"""Forms of sessions. They hold what was typed; the actions judge it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import ZONE
from core.fields import DateField, LongTextField
from crowdtasks.panel import rules
from crowdtasks.panel.models import SessionKind

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


class SessionForm(forms.Form):
    """When, how long, for how many, where."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What people come to"),
        choices=SessionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what people come to.")},
    )
    day = DateField(label=_("Day of the session"), error_messages={"required": _("Enter the day.")})
    time = forms.TimeField(
        label=_("Begins at"),
        help_text=_("By the 24-hour clock, such as 19:30."),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
        error_messages={"required": _("Enter the time."), "invalid": _("Write it like 19:30.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    places = forms.IntegerField(
        label=_("Places"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    where = forms.CharField(label=_("Where it is"), required=False, max_length=rules.WHERE_LENGTH)
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=500,
        help_text=_("Of a video meeting. Who has booked sees it, and nobody else."),
    )
    note = LongTextField(
        label=_("What to bring or know"),
        required=False,
        max_length=rules.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_day(self) -> dt.date:
        """A day that other clocks know as well."""
        day: dt.date = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Enter a real date, such as 31 12 2026."))
        return day

    @property
    def details(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        moment = dt.datetime.combine(said.pop("day"), said.pop("time"), ZONE)
        return {**said, "starts_at": moment.astimezone(dt.UTC)}


class ObservationForm(forms.Form):
    """One thing that was seen."""

    text = LongTextField(
        label=_("What was seen"),
        max_length=rules.OBSERVATION_LENGTH,
        help_text=_("One thing a note. Name nobody who came."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was seen.")},
    )
