"""Which days, and in which language of the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.navigation import LANGUAGE_LABELS
from search.analysis import QUERY_LENGTH
from search.insight.reading import Period

#: What is shown at first: four weeks, so that each day of the week is in it as often.
SHOWN = dt.timedelta(days=27)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any) -> forms.DateField:
    limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(
        label=label, widget=_Day(), input_formats=["%Y-%m-%d"], validators=limits
    )


class WhyForm(forms.Form):
    """A GET form: a query as a reader of one language asks it."""

    q = forms.CharField(label=_("Words to search for"), max_length=QUERY_LENGTH)
    language = forms.ChoiceField(
        label=_("Language of the reader"), choices=[*LANGUAGE_LABELS.items()]
    )


class PeriodForm(forms.Form):
    """A GET form: what it says stands in the address."""

    since = _day(_("From"))
    until = _day(_("To"))
    language = forms.ChoiceField(
        label=_("Language of the pages"),
        choices=[("", _("All languages")), *LANGUAGE_LABELS.items()],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a day that is not before the first."))
        return data


def read_period(parameters: QueryDict, today: dt.date) -> tuple[PeriodForm, Period | None]:
    """The form as it stands, and the period; None where the form says what is wrong with it."""
    given = {
        "since": parameters.get("since", (today - SHOWN).isoformat()),
        "until": parameters.get("until", today.isoformat()),
        "language": parameters.get("language", ""),
    }
    form = PeriodForm(given)
    if not form.is_valid():
        return form, None
    data = form.cleaned_data
    return form, Period(data["since"], data["until"], data["language"])
