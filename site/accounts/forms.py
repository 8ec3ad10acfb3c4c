"""What people type about themselves. Forms shape and point at fields; actions judge."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau, Role
from accounts.models.role import BUREAU_ROLES
from core.texts import pick

LANGUAGE_CHOICES = (("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文"))


def _email_field(**kwargs: Any) -> forms.CharField:
    # A plain text field: the action says what an address is, in one place for every channel.
    return forms.CharField(
        label=kwargs.pop("label", _("E-mail address")),
        max_length=320,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": _("Enter your e-mail address.")},
        **kwargs,
    )


def _password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": _("Enter the password."),
            "max_length": _("This password is too long."),
        },
        **kwargs,
    )


class EmailForm(forms.Form):
    """The first step of signing in."""

    email = _email_field(help_text=_("We send a six-digit code to this address."))
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The second step: the six digits, typed or pasted in any spacing."""

    code = forms.CharField(
        label=_("Sign-in code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
            }
        ),
        help_text=_("Six digits."),
        error_messages={"required": _("Enter the six digits of the code.")},
    )


class NewEmailForm(forms.Form):
    """The new address of an account."""

    email = _email_field(
        label=_("New e-mail address"), help_text=_("We send a six-digit code to this address.")
    )


class EmailCodeForm(CodeForm):
    """The code that was sent to the new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")


class PasswordSignInForm(forms.Form):
    """Signing in by password."""

    email = _email_field()
    password = _password_field(_("Password"), "current-password")
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class NewPasswordForm(forms.Form):
    """A new password; the old one too unless the session began with a code just now."""

    current = _password_field(_("Your password now"), "current-password")
    password = _password_field(
        _("New password"),
        "new-password",
        help_text=_("At least 12 characters. A few words in a row are easy to remember."),
    )

    def __init__(self, *args: Any, ask_current: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_current:
            del self.fields["current"]


class DisplayNameForm(forms.Form):
    """The name that stands beside what is published."""

    name = forms.CharField(
        label=_("Display name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text=_("Your real name or another one, at most 40 characters. Never your e-mail."),
        error_messages={"required": _("Enter a name.")},
    )


class SettingsForm(forms.Form):
    """Language of mails, and whether notices come by mail."""

    language = forms.ChoiceField(
        label=_("Language of mails"), choices=LANGUAGE_CHOICES, widget=forms.RadioSelect
    )
    mail_notices = forms.BooleanField(
        label=_("Send me notices by e-mail"),
        required=False,
        help_text=_(
            "If you leave this out, notices stand under My account only. "
            "Sign-in codes always come by mail."
        ),
    )


class CloseForm(forms.Form):
    """The last question before an account is gone."""

    sure = forms.BooleanField(
        label=_("Yes, close my account for good"),
        error_messages={"required": _("Tick the box to close your account.")},
    )


class FindForm(forms.Form):
    """Finding an account by its whole address."""

    email = _email_field(label=_("E-mail address of the account"))


class VerifyForm(forms.Form):
    """What was read at the counter."""

    subject = forms.CharField(
        label=_("Document number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It is turned into a keyed fingerprint at once. The number is not kept."),
        error_messages={"required": _("Enter the document's number.")},
    )


class RoleForm(forms.Form):
    """A role, and the body it is for."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )
    bureau = forms.ChoiceField(
        label=_("Bureau or department"),
        required=False,
        help_text=_("Needed for officers and approvers."),
    )

    choice_hints = {
        Role.OFFICER: _("Writes papers of one body."),
        Role.APPROVER: _("Approves papers of one body."),
        Role.MODERATOR: _("Clears what people send, for one body or for all."),
        Role.JUROR: _("Judges entries of contests."),
        Role.ADMINISTRATOR: _("Runs the platform, always for all bodies."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {row.slug: row for row in Bureau.objects.filter(in_use=True)}
        options = [(slug, pick(row.name).text) for slug, row in self.bodies.items()]
        cast("forms.ChoiceField", self.fields["bureau"]).choices = [
            ("", _("The whole platform")),
            *options,
        ]
        self.fields["role"].choice_hints = self.choice_hints  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["body"] = self.bodies.get(cleaned.get("bureau", ""))
        if cleaned.get("role") in BUREAU_ROLES and cleaned["body"] is None:
            self.add_error("bureau", _("Officers and approvers work for one body. Choose it."))
        return cleaned


class InviteForm(RoleForm):
    """An invitation: the address first."""

    email = _email_field(label=_("E-mail address of the person"))
    field_order = ["email", "role", "bureau"]
