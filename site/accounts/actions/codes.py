"""Six digits by mail: sent, counted, used once. What a code opens is its caller's business."""

import datetime as dt
import hmac
import re
import secrets
import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import mailing
from accounts.keys import token_hash
from accounts.models import EmailCode
from core import audit, clock, limits
from core.exceptions import DomainError, Invalid
from core.texts import known_language

CODE_LIFE = dt.timedelta(minutes=10)
#: A row holds an address, so it goes soon after the code is dead.
CODE_KEPT = dt.timedelta(hours=1)
SIGN_IN, EMAIL_CHANGE = "sign-in", "email-change"
_SIX_DIGITS = re.compile(r"[0-9]{6}\Z")
_GAPS = re.compile(r"[\s\-\u200b-\u200d\ufeff]+")


class MailDown(DomainError):
    """The mail server did not take the code (503); asking again is the cure."""

    default_message = _("The mail could not be sent. Try again in a minute.")
    default_code = "mail_down"
    default_status = 503


def spent_code() -> Invalid:
    """What a code that is used, expired or out of tries is answered with, all alike."""
    return Invalid(
        _("This code does not work any more. Ask for a new one."), field="code", code="code_spent"
    )


def clean_digits(typed: object) -> str:
    """Six digits as they may be pasted: full-width, with spaces or a hyphen. ``Invalid`` if not."""
    text = unicodedata.normalize("NFKC", typed[:100]) if isinstance(typed, str) else ""
    digits = _GAPS.sub("", text)
    if not _SIX_DIGITS.match(digits):
        raise Invalid(_("Enter the six digits of the code."), field="code", code="code_shape")
    return digits


def _hash(handle: str, bound_to: str, digits: str) -> str:
    return token_hash(f"{handle}:{bound_to}:{digits}" if bound_to else f"{handle}:{digits}")


def send_code(
    *, email: str, canonical: str, purpose: str, language: str, path: str, bound_to: str = ""
) -> EmailCode:
    """Write and mail a code for ``purpose``; ``bound_to`` is the one account that may use it.

    Earlier codes stay good until they expire, so nobody can spoil a code by asking for another.
    Raises ``MailDown``. Limits are the caller's.
    """
    code = f"{secrets.randbelow(10**6):06d}"
    handle = secrets.token_hex(16)
    now = clock.now()
    with transaction.atomic():
        row = EmailCode.objects.create(
            email=email,
            email_canonical=canonical,
            code_hash=_hash(handle, bound_to, code),
            handle=handle,
            purpose=purpose,
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        audit.record(f"{purpose}.request", actor="system", subject=row.handle[:12])
    if not mailing.send_code(
        email=email,
        language=known_language(language),
        code=code,
        life=CODE_LIFE,
        path=path,
        purpose=purpose,
    ):
        raise MailDown
    return row


def check_code(
    *, handle: str, code: str, purpose: str, network: str, bound_to: str = ""
) -> EmailCode:
    """The row of a code whose digits are right; the try is counted before anything is compared.

    Three tries, counted by one conditional UPDATE in a transaction of its own, so that parallel
    guesses share the three and a failure is never rolled back. Then ``use_code`` it, inside the
    transaction of what it opens. Raises ``Invalid`` (wrong, spent, expired: the last two alike),
    ``TooMany``.
    """
    limits.spend("sign_in_code_try_address", network)
    digits = clean_digits(code)
    row = EmailCode.objects.filter(handle=handle, purpose=purpose).first()
    if row is None:
        raise spent_code()
    limits.spend("sign_in_code_try", row.email_canonical)
    with transaction.atomic(durable=True):
        counted = (
            EmailCode.objects.usable(clock.now()).filter(pk=row.pk).update(tries=F("tries") + 1)
        )
    if not counted:
        raise spent_code()
    if not hmac.compare_digest(row.code_hash, _hash(handle, bound_to, digits)):
        raise Invalid(
            _("This is not the code we sent. Check the digits."), field="code", code="code_wrong"
        )
    return row


def use_code(row: EmailCode) -> None:
    """Use a checked code up; raises ``Invalid`` for who comes second."""
    once = EmailCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=clock.now())
    if not once:
        raise spent_code()


@transaction.atomic
def sweep_codes() -> int:
    """Forget codes that are an hour past their end; returns how many."""
    return EmailCode.objects.filter(expires_at__lt=clock.now() - CODE_KEPT).delete()[0]
