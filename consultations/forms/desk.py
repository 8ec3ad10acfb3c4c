"""Forms of the officer's desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau
from consultations.pasting import PASTE_LIMIT
from core.fields import LongTextField
from core.segments import has_chinese
from core.texts import LANGUAGES

LANGUAGE_LABELS = {
    "en": _("English"),
    "zh-hant": _("Traditional Chinese"),
    "zh-hans": _("Simplified Chinese"),
}
_LATIN_WORDS = re.compile(r"[A-Za-z]{2,}\W+[A-Za-z]{2,}")
#: No engagement is outside these.
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2199, 12, 31)
DEFAULT_OPEN = dt.timedelta(weeks=8)
DEFAULT_RESPONSE = dt.timedelta(weeks=8)
#: A paper is seldom ready the same week.
DEFAULT_START = dt.timedelta(weeks=2)


def field_key(language: str) -> str:
    """A language code as part of a field's name."""
    return language.replace("-", "_")


def day_field(**options: Any) -> forms.DateField:
    """A date that can be reckoned with: the ends of the calendar overflow time zones."""
    return forms.DateField(
        widget=DayInput,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        **options,
    )


class DayInput(forms.DateInput):
    """The browser's own date box: typed or picked, the same in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NewPaperForm(forms.Form):
    """Title, bureau, language, dates: all that is needed to begin."""

    title = forms.CharField(label=_("Title"), max_length=200)
    bureau = forms.ModelChoiceField(label=_("Bureau"), queryset=Bureau.objects.none())
    source_language = forms.ChoiceField(
        label=_("Written first in"),
        choices=[("zh-hant", LANGUAGE_LABELS["zh-hant"]), ("en", LANGUAGE_LABELS["en"])],
        widget=forms.RadioSelect,
        help_text=_("The other versions follow from it. It cannot be changed later."),
    )
    opens_on = day_field(label=_("Opens on"))
    closes_on = day_field(
        label=_("Last day"),
        help_text=_("Open to the end of this day, 11:59 pm."),
    )
    response_due = day_field(
        label=_("Response due"),
        help_text=_("When the bureau answers at the latest. It is shown, and being late is shown."),
    )

    def __init__(
        self, *args: Any, bureaux: Iterable[Bureau], today: dt.date, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        found = list(bureaux)
        field = self.fields["bureau"]
        field.queryset = Bureau.objects.filter(pk__in=[one.pk for one in found])  # type: ignore[attr-defined]
        if len(found) == 1:
            field.initial = found[0].pk
            field.empty_label = None  # type: ignore[attr-defined]
        opens = today + DEFAULT_START
        closes = opens + DEFAULT_OPEN - dt.timedelta(days=1)
        self.fields["opens_on"].initial = opens
        self.fields["closes_on"].initial = closes
        self.fields["response_due"].initial = closes + DEFAULT_RESPONSE
        self.fields["source_language"].initial = "en" if language == "en" else "zh-hant"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        due = cleaned.get("response_due")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day must not be before the opening."))
        elif closes and due and due <= closes:
            self.add_error("response_due", _("The response date must be after the close."))
        self._check_language(cleaned.get("title", ""), cleaned.get("source_language", ""))
        return cleaned

    def _check_language(self, title: str, language: str) -> None:
        # The language cannot be changed later, and the proposed one is easily overlooked. A title
        # in both scripts says nothing.
        chinese, latin = has_chinese(title), bool(_LATIN_WORDS.search(title))
        if language == "en" and chinese and not latin:
            said = _("The title is in Chinese. Choose Traditional Chinese, or give it in English.")
            self.add_error("source_language", said)
        elif language == "zh-hant" and latin and not chinese:
            said = _("The title is in English. Choose English, or give it in Chinese.")
            self.add_error("source_language", said)


class PasteForm(forms.Form):
    """A whole text; ``seen`` marks the one whose reading was shown."""

    text = LongTextField(
        label=_("Text"),
        max_length=PASTE_LIMIT,
        help_text=_("An empty line ends a paragraph; a line that begins with # is a heading."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["lang"] = lang


class NoteForm(forms.Form):
    """A note that goes with a decision."""

    note = LongTextField(
        label=_("What should be changed?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SubmitForm(forms.Form):
    """A word to whoever approves; may be left empty."""

    note = LongTextField(
        label=_("A note to the approver (may be left empty)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExtendForm(forms.Form):
    """A later close with its reason in the three languages."""

    closes_on = day_field(label=_("New last day"))
    response_due = day_field(label=_("Response due"), required=False)

    def __init__(self, *args: Any, source_language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in (source_language, *(one for one in LANGUAGES if one != source_language)):
            self.fields[f"reason_{field_key(language)}"] = LongTextField(
                label=_("Reason, in %(language)s") % {"language": LANGUAGE_LABELS[language]},
                max_length=500,
                required=language == source_language,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def reasons(self) -> dict[str, str]:
        """The reasons written, by language."""
        return {
            language: self.cleaned_data.get(f"reason_{field_key(language)}", "")
            for language in LANGUAGES
        }


class OutcomeForm(forms.Form):
    """The outcome's text in the three languages; Simplified is drafted where it is left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self.fields[f"text_{field_key(language)}"] = LongTextField(
                label=LANGUAGE_LABELS[language],
                max_length=20_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 10}),
                help_text=_("Left empty, it is made from the Traditional text.")
                if language == "zh-hans"
                else "",
            )

    def texts(self) -> dict[str, str]:
        """The texts written, by language."""
        return {
            language: self.cleaned_data.get(f"text_{field_key(language)}", "")
            for language in LANGUAGES
        }
