"""Forms of taking part. They hold what was typed; the actions judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from core.ids import receipt_code
from participation.actions.contributions import TEXT_LIMIT
from participation.consent import CONSENT
from participation.models import PublishChoice, Side

KEY_MAXIMUM = 40


class ChoiceField(forms.ChoiceField):
    """Radios whose options carry a hint (``choice_hints``, see the shell's README)."""

    label_class = "govuk-fieldset__legend--s"
    choice_hints: dict[str, Any]


def _comment_text() -> LongTextField:
    field = LongTextField(
        label=_("Your comment"),
        max_length=TEXT_LIMIT,
        strip=False,
        error_messages={"required": _("Write your comment.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    field.label_class = "govuk-label--m"  # type: ignore[attr-defined]
    return field


def _side() -> ChoiceField:
    return ChoiceField(
        label=_("What is your comment?"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether you are for it, against it, or ask or think aloud.")
        },
    )


def _publish_choice() -> ChoiceField:
    field = ChoiceField(
        label=_("Who may read it?"),
        choices=[
            (PublishChoice.NAME, _("Everybody, under my display name")),
            (PublishChoice.CONFIDENTIAL, _("Only the bureau")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read it.")},
    )
    field.choice_hints = {str(value): sentence for value, sentence in CONSENT.items()}
    return field


def _display_name(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Your display name"),
        required=required,
        max_length=200,
        help_text=_(
            "Shown with what you publish, here and later. It need not be your real name; never use "
            "your e-mail address."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        error_messages={"required": _("Choose a name that is shown with your comment.")},
    )


class CommentForm(forms.Form):
    """The text first, then who may read it, then (only where none is known) the name to show.

    ``sides``: the side comes before the text.
    """

    side = _side()
    text = _comment_text()
    publish_choice = _publish_choice()
    display_name = _display_name(required=False)
    key = forms.CharField(
        max_length=KEY_MAXIMUM, widget=forms.HiddenInput, required=False, initial=receipt_code
    )

    def __init__(
        self, *args: Any, ask_name: bool = False, sides: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not ask_name:
            del self.fields["display_name"]
        if not sides:
            del self.fields["side"]


class CheckForm(forms.Form):
    """What is still missing before a held text is submitted: the name, if anything."""

    display_name = _display_name(required=True)

    def __init__(self, *args: Any, ask_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_name:
            del self.fields["display_name"]


class EditForm(forms.Form):
    """A new version of an own comment; ``version`` is the one the author was shown."""

    side = _side()
    text = _comment_text()
    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sides: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sides:
            del self.fields["side"]


class OfficialReplyForm(forms.Form):
    """The bureau's answer to one comment."""

    text = LongTextField(
        label=_("The bureau's reply"),
        max_length=TEXT_LIMIT,
        strip=False,
        help_text=_("Shown at once, in the name of the bureau and marked as its official reply."),
        error_messages={"required": _("Write the reply.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    key = forms.CharField(
        max_length=KEY_MAXIMUM, widget=forms.HiddenInput, required=False, initial=receipt_code
    )


class ConfirmForm(forms.Form):
    """A button and nothing else."""


class SupportForm(forms.Form):
    """Says the wished state, so that a second press of the same button changes nothing."""

    agree = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], widget=forms.HiddenInput)


class FollowForm(forms.Form):
    """An address, for readers without an account."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We send one mail with a button to confirm. Nothing else before that."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )


class FollowStopForm(forms.Form):
    """Follow or stop, for signed-in readers."""

    follow = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    """The code from a receipt, as written down or pasted."""

    code = forms.CharField(
        label=_("Receipt code"),
        max_length=200,
        help_text=_(
            "26 letters and digits, such as 4K7QX-9M2WD-…. Spaces and hyphens do not matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the code from your receipt.")},
    )
