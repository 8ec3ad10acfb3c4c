"""Forms about a paper's questions on the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.desk import LANGUAGE_LABELS, field_key
from core.fields import LongTextField
from core.texts import LANGUAGES, html_lang, pick
from questionnaires.actions.definition import NOTE_LIMIT
from questionnaires.bank import BANK
from questionnaires.definition import Definition


class BankForm(forms.Form):
    """Which standard questions, and into which section."""

    keys = forms.MultipleChoiceField(
        label=_("Questions"), widget=forms.CheckboxSelectMultiple, required=False
    )
    section = forms.ChoiceField(label=_("Into the section"), required=False)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys, section = self.fields["keys"], self.fields["section"]
        keys.choices = [(one.key, str(pick(one.title))) for one in BANK]  # type: ignore[attr-defined]
        section.choices = [  # type: ignore[attr-defined]
            *((one.key, str(pick(one.title))) for one in definition.sections),
            ("", _("A new section")),
        ]


class CorrectionForm(forms.Form):
    """A public note beside a question, in the three languages."""

    question = forms.ChoiceField(label=_("Question"))

    def __init__(
        self, *args: Any, definition: Definition, source_language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [  # type: ignore[attr-defined]
            (one.anchor, f"{one.number}. {pick(one.title)}" if one.number else str(pick(one.title)))
            for one in definition.questions()
        ]
        for language in (source_language, *(one for one in LANGUAGES if one != source_language)):
            self.fields[f"text_{field_key(language)}"] = LongTextField(
                label=_("Correction, in %(language)s") % {"language": LANGUAGE_LABELS[language]},
                max_length=NOTE_LIMIT,
                required=language == source_language,
                widget=forms.Textarea(attrs={"rows": 3, "lang": html_lang(language)}),
                help_text=_("Left empty, it is made from the Traditional text.")
                if language == "zh-hans"
                else "",
            )

    def texts(self) -> dict[str, str]:
        """The notes written, by language."""
        return {
            language: self.cleaned_data.get(f"text_{field_key(language)}", "")
            for language in LANGUAGES
        }
