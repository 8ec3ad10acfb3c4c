"""What a moderator and a reporting reader fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from moderation.actions import NAME, NOTE_LIMIT, PUBLISH, SENTENCE_LIMIT, TEXT, WITHHOLD
from moderation.rules import RULES


def rule_choices() -> list[tuple[str, str]]:
    """The house rules in the active language."""
    return [(rule.id, rule.shown.text) for rule in RULES.values()]


class _WithRules(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.fields["rule"]
        rule.choices = rule_choices()  # type: ignore[attr-defined]
        rule.choice_hints = {  # type: ignore[attr-defined]
            rule_id: rule.told.text for rule_id, rule in RULES.items()
        }


class DecisionForm(_WithRules):
    """Publish, or withhold with a house rule and, if wanted, a sentence to the author."""

    verdict = forms.ChoiceField(
        choices=[(PUBLISH, PUBLISH), (WITHHOLD, WITHHOLD)], widget=forms.HiddenInput
    )
    rule = forms.ChoiceField(
        label=_("House rule it goes against"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the house rule it goes against.")},
    )
    sentence = LongTextField(
        label=_("A sentence to the author"),
        help_text=_("The author reads it with the rule. It is never shown in public."),
        max_length=SENTENCE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    after = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Withholding names its rule; publishing has none, whatever was chosen before.
        if self.is_bound and self.data.get("verdict") == PUBLISH:
            self.fields["rule"].required = False


def _name_shown(name: str) -> str:
    words = gettext("The name shown with it: %(name)s") % {"name": "{name}"}
    return format_html(words, name=format_html("<bdi>{}</bdi>", name))


class ReportForm(_WithRules):
    """Which house rule a text, or the name shown with it, goes against in a reader's eyes.

    ``name`` is the name shown with the text. Where there is none, nothing is asked, and a page
    that offered it before is answered by the action: the name can no longer be read.
    """

    about = forms.ChoiceField(
        label=_("What do you report?"),
        initial=TEXT,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what you report.")},
    )
    rule = forms.ChoiceField(
        label=_("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    note = LongTextField(
        label=_("Anything the moderators should know"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        # The text is chosen at the start, so that this never lacks an answer.
        about.unmarked = True  # type: ignore[attr-defined]
        about.choices = [  # type: ignore[attr-defined]
            (TEXT, _("The text")),
            (NAME, _name_shown(name)),
        ]
        if not name:
            about.widget = forms.HiddenInput()

    def clean_about(self) -> str:
        """The text, where nothing was asked or chosen."""
        chosen: str = self.cleaned_data["about"] or TEXT
        return chosen
