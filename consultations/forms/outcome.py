"""Forms of the outcome on the desk: its parts, the quotes of a part, why it is late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.desk import LANGUAGE_LABELS, day_field, field_key
from core.fields import LongTextField
from core.texts import LANGUAGES
from participation.actions.lateness import REASON_LIMIT
from participation.actions.outcome_items import DECIDED, HEARD, ITEM_LIMIT, ItemText
from participation.models import OutcomeItem, Verdict

WORDS = {
    "asked": _("We asked"),
    "said": _("You said"),
    "decided": _("What was decided"),
    "why": _("Why"),
    "change": _("What changes"),
}
ROWS = {"asked": 2, "said": 5, "decided": 3, "why": 3, "change": 2}
LEFT_EMPTY = _("Left empty, it is made from the Traditional text.")


class ItemForm(forms.Form):
    """One part. Asked and said are left out once they are public."""

    def __init__(self, *args: Any, heard: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [*(() if heard else HEARD), *DECIDED]
        for name in self.names:
            if name == "decided":
                self.fields["verdict"] = forms.ChoiceField(
                    label=_("The decision"),
                    choices=Verdict.choices,
                    required=False,
                    widget=forms.RadioSelect,
                )
            for language in LANGUAGES:
                self.fields[f"{name}_{field_key(language)}"] = LongTextField(
                    label=_("%(what)s, in %(language)s")
                    % {"what": WORDS[name], "language": LANGUAGE_LABELS[language]},
                    max_length=ITEM_LIMIT,
                    required=False,
                    widget=forms.Textarea(
                        attrs={"rows": 2 if language == "zh-hans" else ROWS[name]}
                    ),
                    help_text=LEFT_EMPTY if language == "zh-hans" else "",
                )
        self.fields["change_on"] = day_field(label=_("When it changes"), required=False)

    def text(self) -> ItemText:
        """What was written, as the action takes it."""
        found: dict[str, Any] = {
            name: {
                language: self.cleaned_data.get(f"{name}_{field_key(language)}", "")
                for language in LANGUAGES
            }
            for name in self.names
        }
        return ItemText(
            verdict=self.cleaned_data.get("verdict", ""),
            change_on=self.cleaned_data.get("change_on"),
            **found,
        )


def item_initial(item: OutcomeItem) -> Mapping[str, Any]:
    """An item as its form opens."""
    found: dict[str, Any] = {"verdict": item.verdict, "change_on": item.change_on}
    for name in (*HEARD, *DECIDED):
        for language in LANGUAGES:
            found[f"{name}_{field_key(language)}"] = getattr(item, name).get(language, "")
    return found


class LateForm(forms.Form):
    """Why the answer is late and when it is expected, in the three languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self.fields[f"reason_{field_key(language)}"] = LongTextField(
                label=_("Reason, in %(language)s") % {"language": LANGUAGE_LABELS[language]},
                max_length=REASON_LIMIT,
                required=language != "zh-hans",
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=LEFT_EMPTY if language == "zh-hans" else "",
            )
        self.fields["expected"] = day_field(
            label=_("Now expected by (may be left empty)"), required=False
        )

    def reasons(self) -> dict[str, str]:
        """The reasons written, by language."""
        return {
            language: self.cleaned_data.get(f"reason_{field_key(language)}", "")
            for language in LANGUAGES
        }
