"""A letter: one notice as a multipart mail, plain and HTML with the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from core.models import PlatformSettings
from core.texts import html_lang
from notifications import words as wording
from notifications.kinds import Because, Kind
from notifications.paths import absolute, localised


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What is mailed to whom. ``public_id`` (of the notice) makes the Message-ID, so that a mail
    sent again after a crash is the same mail to the receiving server."""

    kind: Kind
    to: str
    language: str
    params: Mapping[str, Any]
    path: str = ""
    unsubscribe_path: str = ""
    public_id: str = ""
    has_account: bool = False


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _follows(letter: Letter) -> bool:
    # Other one-click links switch off the mails to contributors, or those of a saved search.
    return (
        bool(letter.unsubscribe_path)
        and "/follow/mails/" not in letter.unsubscribe_path
        and letter.kind.because is not Because.SAVED
    )


def compose(letter: Letter, platform: PlatformSettings | None = None) -> EmailMultiAlternatives:
    """The mail, ready to send. Raises what a template or a broken address raises."""
    platform = platform or PlatformSettings.load()
    words = wording.write(letter.kind, letter.params, letter.language, platform)
    with translation.override(letter.language):
        context = {
            "words": words,
            "html_lang": html_lang(letter.language),
            "link": absolute(letter.path) if letter.path else "",
            "stop_link": absolute(letter.unsubscribe_path) if letter.unsubscribe_path else "",
            "settings_link": absolute(localised("/account/", letter.language)),
            "home_link": absolute(f"/{letter.language}/"),
            # What always arrives offers no switch.
            "has_account": letter.has_account and not letter.kind.essential(letter.params),
            "because": "follows" if _follows(letter) else letter.kind.because.value,
            # The one line that is read off and typed elsewhere stands large.
            "has_code": "code" in letter.kind.params,
        }
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    sender = platform.sender or settings.DEFAULT_FROM_EMAIL
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": html_lang(letter.language)}
    if letter.public_id:
        headers["Message-ID"] = f"<notice.{letter.public_id}@{_domain(sender)}>"
    if letter.unsubscribe_path:
        # RFC 8058: a mailbox may end the follow by itself, with one POST.
        headers["List-Unsubscribe"] = f"<{absolute(letter.unsubscribe_path)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=wording.header_subject(words),
        body=text,
        from_email=sender,
        to=[letter.to],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def send(letter: Letter) -> None:
    """Hand one letter to the mail server; raises what the server or the connection raises."""
    compose(letter).send(fail_silently=False)
