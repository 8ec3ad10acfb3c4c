"""Forms of juries. They hold what was typed; the actions judge it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.texts import html_lang, pick
from ideas.actions.judging import COMMENT_LIMIT, NOTE_LIMIT, OFF_SCALE, REASON_LIMIT
from ideas.models import Criterion, Idea
from ideas.scoring import HIGHEST, LOWEST


def _spoken(text: str, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', html_lang(language), text)


class MarkField(forms.IntegerField):
    """A mark that may wait until submitting, though it is not optional."""

    widget = forms.TextInput

    def clean(self, value: Any) -> int | None:
        return None if value in self.empty_values else super().clean(value)


class InterestsForm(forms.Form):
    """With which ideas the juror has a conflict; none is an answer too."""

    ideas = forms.MultipleChoiceField(
        label=_("With these ideas I have a conflict of interest"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("In what way"),
        required=False,
        max_length=REASON_LIMIT,
        help_text=_("Only the officer in charge of the contest reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sure = forms.BooleanField(
        label=_("I have none with the other ideas."),
        error_messages={"required": _("Confirm that you have no conflict with the others.")},
    )

    def __init__(self, *args: Any, ideas: Iterable[Idea] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ideas"]
        choices = [
            (idea.contribution.public_id, _spoken(idea.title, idea.contribution.language))
            for idea in ideas
        ]
        field.choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["ideas"], self.fields["reason"]


class JudgementForm(forms.Form):
    """A mark for each criterion, a note to oneself, a comment for the reasons. All may wait."""

    use_required_attribute = False

    def __init__(self, *args: Any, criteria: Iterable[Criterion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            name, detail = pick(criterion.name), pick(criterion.detail)
            field = MarkField(
                label=format_html("{} {}%", _spoken(name.text, name.language), criterion.weight),
                min_value=LOWEST,
                max_value=HIGHEST,
                help_text=_spoken(detail.text, detail.language) if detail.text else "",
                widget=forms.TextInput(
                    attrs={
                        "inputmode": "numeric",
                        "autocomplete": "off",
                        "class": "govuk-input--width-3",
                    }
                ),
                error_messages={
                    "invalid": OFF_SCALE,
                    "min_value": OFF_SCALE,
                    "max_value": OFF_SCALE,
                },
            )
            field.label_class = "govuk-label--s"  # type: ignore[attr-defined]
            self.fields[f"mark_{criterion.block_id}"] = field
        self.fields["note"] = LongTextField(
            label=_("Note to yourself"),
            required=False,
            max_length=NOTE_LIMIT,
            strip=False,
            help_text=_("Nobody else reads it."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["comment"] = LongTextField(
            label=_("Comment for the published reasons"),
            required=False,
            max_length=COMMENT_LIMIT,
            strip=False,
            help_text=_(
                "The officer edits what the jury wrote. Your name is not published with it."
            ),
            widget=forms.Textarea(attrs={"rows": 5}),
        )

    def marks(self) -> dict[str, int | None]:
        """The marks by the criterion's block id; None for what is still empty."""
        return {one.block_id: self.cleaned_data[f"mark_{one.block_id}"] for one in self.criteria}


class JurorForm(forms.Form):
    """Whom to ask onto the jury, by address."""

    email = forms.EmailField(
        label=_("E-mail address of a juror"),
        max_length=254,
        help_text=_(
            "Whoever judges for your bureau already gets the seat at once. Others are invited; the "
            "invitation is good for seven days."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter an e-mail address.")},
    )
