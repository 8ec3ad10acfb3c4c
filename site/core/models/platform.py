"""What an administrator sets for the whole platform."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import EmailValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.texts import LANGUAGES


class PlatformSettings(models.Model):
    """One row; ``load`` gives it, or the settings file's values where nobody has set anything."""

    ONLY = 1
    AUDITED_FIELDS = (
        "name",
        "sender",
        "central_gate",
        "contact_email",
        "contact_phone",
    )

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    name = models.JSONField(_("platform name"), default=dict)
    sender = models.CharField(_("sender of mails"), max_length=254, blank=True)
    central_gate = models.BooleanField(
        _("central gate"),
        default=False,
        help_text=_("An administrator approves each opening after the bureau's second officer."),
    )
    contact_email = models.CharField(
        _("contact e-mail"), max_length=254, blank=True, validators=[EmailValidator()]
    )
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("platform settings")
        verbose_name_plural = _("platform settings")
        default_permissions = ("change",)
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="core_platformsettings_one_row")
        ]

    def __str__(self) -> str:
        return "platform settings"

    @classmethod
    def from_settings(cls) -> PlatformSettings:
        """An unsaved row with the values of the settings file."""
        ours: dict[str, Any] = settings.KAIFONG
        names = ours.get("PLATFORM_NAME", {})
        contact = ours.get("CONTACT", {})
        return cls(
            name={code: names.get(code, "") for code in LANGUAGES},
            sender=settings.DEFAULT_FROM_EMAIL,
            central_gate=bool(ours.get("CENTRAL_GATE", False)),
            contact_email=contact.get("email", ""),
            contact_phone=contact.get("phone", ""),
        )

    @classmethod
    def load(cls) -> PlatformSettings:
        """The row, or an unsaved one from the settings file. One query."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls.from_settings()
