"""Forms of the officers of a contest. They hold what was typed; the actions judge it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, LongTextField
from ideas.actions.replies import REPLY_LIMIT
from ideas.actions.screening import SENTENCE_LIMIT
from ideas.models import Idea, IdeaStatus, Screened
from ideas.reasons import READY

FIELD = "govuk-fieldset__legend--s"


class RadioField(forms.ChoiceField):
    """Radios with their question above."""

    label_class = FIELD


def _sentence(label: Any, *, required: bool) -> LongTextField:
    return LongTextField(
        label=label,
        max_length=SENTENCE_LIMIT,
        strip=False,
        required=required,
        help_text=_("Everybody reads it on the page of the idea."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason.")},
    )


class ScreenForm(forms.Form):
    """The decision, a ready reason, one's own sentence, and the last day to complete it."""

    verdict = RadioField(
        label=_("What do you decide?"),
        choices=[
            (Screened.ACCEPTED, _("Accept it")),
            (Screened.COMPLETE, _("Ask its author to complete it")),
            (Screened.DECLINED, _("Decline it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = forms.ChoiceField(
        label=_("A ready reason"),
        required=False,
        choices=[
            ("", _("None: I write one")),
            (_("To complete it"), list(READY[Screened.COMPLETE].items())),
            (_("To decline it"), list(READY[Screened.DECLINED].items())),
        ],
    )
    sentence = _sentence(_("Your own words"), required=False)
    until = DateField(
        label=_("Last day to complete it"),
        required=False,
        help_text=_("Only where you ask for more; within the screening."),
    )
    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)


class MergeForm(forms.Form):
    """The idea that leads: one that is like it, or any other by its address."""

    into = RadioField(
        label=_("Which idea leads?"),
        required=False,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=_("Or the address of another idea here"),
        required=False,
        max_length=300,
        error_messages={"required": _("Choose which idea leads.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, like: list[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if like:
            choices = [(one.contribution.public_id, one.title) for one in like]
            self.fields["into"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["into"]
            self.fields["address"].label = _("The address of the idea that leads")
            self.fields["address"].required = True

    def lead_id(self) -> str:
        """The id in the address, else the chosen one; '' for neither."""
        parts = [one for one in self.cleaned_data["address"].strip().split("/") if one]
        return parts[-1] if parts else str(self.cleaned_data.get("into") or "")


class StatusForm(forms.Form):
    """Where the idea stands from now on, and why; ``known`` is where it stood when shown."""

    status = RadioField(
        label=_("Where does the idea stand?"),
        choices=IdeaStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the idea stands.")},
    )
    sentence = _sentence(_("The reason"), required=True)
    known = forms.CharField(max_length=12, widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """The bureau's reply to an idea."""

    text = LongTextField(
        label=_("The bureau’s reply"),
        max_length=REPLY_LIMIT,
        strip=False,
        help_text=_("Shown at once, in the name of the bureau and marked as its official reply."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the reply.")},
    )


class ConfirmForm(forms.Form):
    """A button and nothing else."""
