"""The form of a finding. It holds what was typed; the action judges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.file_fields import FilesField
from core.ids import receipt_code
from crowdtasks.findings.actions.reporting import TEXT_LIMIT
from crowdtasks.findings.device import LIMIT as DEVICE_LIMIT
from crowdtasks.findings.models import Severity
from participation.forms import ChoiceField
from participation.models import PublishChoice

KEY_MAXIMUM = 40


class _FirstText(LongTextField):
    """The question the form begins with."""

    label_class = "govuk-label--m"


def _reader() -> ChoiceField:
    field = ChoiceField(
        label=_("Who may read it?"),
        choices=[
            (PublishChoice.CONFIDENTIAL, _("Only the bureau")),
            (PublishChoice.ALIAS, _("Everybody, without my name")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read it.")},
    )
    field.choice_hints = {
        PublishChoice.CONFIDENTIAL: _(
            "The bureau reads your words and sees your picture. Everybody sees only that something "
            "was found, and what became of it."
        ),
        PublishChoice.ALIAS: _(
            "Your words and your picture are shown once a moderator has read them and the bureau "
            "has confirmed what you found, so that others see that it is known."
        ),
    }
    return field


class FindingForm(forms.Form):
    """What happened first; the rest helps to find it again."""

    use_required_attribute = False

    happened = _FirstText(
        label=_("What happened?"),
        max_length=TEXT_LIMIT,
        strip=False,
        help_text=_("What you did, and what you saw then. No names and no passwords."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say what happened.")},
    )
    expected = LongTextField(
        label=_("What did you expect?"),
        max_length=TEXT_LIMIT,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    severity = ChoiceField(
        label=_("How bad was it?"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how bad it was.")},
    )
    step = forms.ChoiceField(label=_("At which step?"), required=False)
    build = forms.ChoiceField(label=_("In which build?"), required=False)
    device = forms.CharField(
        label=_("Your device and browser"),
        required=False,
        max_length=DEVICE_LIMIT,
        help_text=_("As your browser tells us. Change it if it was another one, or take it out."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    files = FilesField(  # type: ignore[assignment]
        required=False,
        label=_("Pictures of the screen"),
        help_text=_(
            "Up to 3 pictures of at most 10 MB each. They are made anew without the place and time "
            "they were taken. You can hide parts of them before anybody sees them."
        ),
    )
    publish_choice = _reader()
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=KEY_MAXIMUM)

    def __init__(
        self,
        *args: Any,
        steps: Sequence[tuple[str, str]] = (),
        builds: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = receipt_code()
        files: Any = self.fields["files"]
        files.hides = True
        files.widget.attrs["accept"] = files.accept = (
            "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic"
        )
        for name, choices in (("step", steps), ("build", builds)):
            field = self.fields[name]
            if choices and isinstance(field, forms.ChoiceField):
                field.choices = [("", _("I do not know")), *choices]
            else:
                del self.fields[name]


class ObservedForm(FindingForm):
    """The same, written down by an officer: no pictures, and nobody else reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["files"], self.fields["publish_choice"]
        self.fields["device"].help_text = ""
