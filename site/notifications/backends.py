"""Mail in embedded mode: kept in the database, read at /dev/mail/, sent to nobody."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core import clock
from notifications.models import DevMail


class DevMailBackend(BaseEmailBackend):
    """Writes each mail as a ``DevMail`` row. Refuses to work outside embedded mode: a platform
    that only seemed to send mail would be worse than one that says it cannot."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; returns how many. Header faults raise as with a real server."""
        if not settings.KAIFONG["EMBEDDED"]:
            raise ImproperlyConfigured("DevMailBackend is for embedded mode only.")
        kept = 0
        for message in email_messages:
            if not message.recipients():
                continue
            # As a server would see it: this is where a broken header raises.
            raw = message.message()
            html = next(
                (
                    str(content)
                    for content, kind in getattr(message, "alternatives", [])
                    if kind == "text/html"
                ),
                "",
            )
            DevMail.objects.create(
                to=", ".join(message.recipients())[:300],
                subject=message.subject[:300],
                text=str(message.body),
                html=html,
                headers={
                    name: str(value)
                    for name, value in raw.items()
                    if name not in {"Subject", "To", "Content-Type", "MIME-Version"}
                },
                sent_at=clock.now(),
            )
            kept += 1
        return kept
