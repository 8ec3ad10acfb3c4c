"""Ways in: a one-time code by e-mail, a password. Nothing here tells who has an account.

Every failure is counted whatever follows it: counts are spent before anything is compared, by
address of the network and by e-mail, and a success gives none of them back (A2 to A5).
"""

import datetime as dt
import hmac
import re
import secrets
import unicodedata

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import mailing, policies
from accounts.actions.account import open_account
from accounts.keys import token_hash
from accounts.models import Account, EmailCode
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import DomainError, Invalid, Refused
from core.text import canonical_email
from core.texts import known_language

CODE_LIFE = dt.timedelta(minutes=10)
#: A row holds an address, so it goes soon after the code is dead.
CODE_KEPT = dt.timedelta(hours=1)
PASSWORD_BYTES = 1024
_SIX_DIGITS = re.compile(r"[0-9]{6}\Z")
_GAPS = re.compile(r"[\s\-\u200b-\u200d\ufeff]+")


class MailDown(DomainError):
    """The mail server did not take the code (503); asking again is the cure."""

    default_message = _("The mail could not be sent. Try again in a minute.")
    default_code = "mail_down"
    default_status = 503


def _hashable(password: str) -> bool:
    """Whether a typed password may reach the hash: short enough, and text at all."""
    try:
        return len(password.encode()) <= PASSWORD_BYTES
    except UnicodeEncodeError:
        return False


def _spent_code() -> Invalid:
    return Invalid(
        _("This code does not work any more. Ask for a new one."), field="code", code="code_spent"
    )


def request_code(*, email: str, network: str, language: str, path: str = "") -> EmailCode:
    """Mail a six-digit code to an address, known or not, and return its row.

    Same work and same answer for every address: an unknown one becomes an account when the code
    comes back (A1). Earlier codes stay good until they expire, so nobody can spoil a code by
    asking for another. ``network`` is ``limits.address(request)``. Raises ``Invalid`` for what is
    no address, ``TooMany``, ``MailDown``.
    """
    limits.spend("sign_in_code_request_address", network)
    address = clean_email(email)
    canonical = canonical_email(address)
    limits.spend("sign_in_code_request", canonical)
    known = Account.objects.filter(email_canonical=canonical).values_list("email", flat=True)
    # Mail goes to the stored address, never to another spelling of it (N1).
    target = known.first() or address
    code = f"{secrets.randbelow(10**6):06d}"
    handle = secrets.token_hex(16)
    now = clock.now()
    with transaction.atomic():
        row = EmailCode.objects.create(
            email=target,
            email_canonical=canonical,
            code_hash=token_hash(f"{handle}:{code}"),
            handle=handle,
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        audit.record("sign-in.request", actor="system", subject=row.handle[:12])
    if not mailing.send_code(
        email=target, language=known_language(language), code=code, life=CODE_LIFE, path=path
    ):
        raise MailDown
    return row


def clean_digits(typed: object) -> str:
    """Six digits as they may be pasted: full-width, with spaces or a hyphen. ``Invalid`` if not."""
    text = unicodedata.normalize("NFKC", typed[:100]) if isinstance(typed, str) else ""
    digits = _GAPS.sub("", text)
    if not _SIX_DIGITS.match(digits):
        raise Invalid(_("Enter the six digits of the code."), field="code", code="code_shape")
    return digits


def confirm_code(
    *, handle: str, code: str, network: str, language: str, chose_language: bool = False
) -> Account:
    """The account of the address a code was sent to, made now if there was none.

    The code has three tries, counted by one conditional UPDATE in a transaction of its own, so
    that parallel guesses share the three and a failure is never rolled back; it works once and
    for ten minutes. ``chose_language``: the reader chose ``language``, so it is kept on an old
    account too. Raises ``Invalid`` (wrong, spent, expired: the last two alike), ``TooMany``,
    ``Refused`` for a suspended account.
    """
    limits.spend("sign_in_code_try_address", network)
    digits = clean_digits(code)
    row = EmailCode.objects.filter(handle=handle, purpose="sign-in").first()
    if row is None:
        raise _spent_code()
    limits.spend("sign_in_code_try", row.email_canonical)
    now = clock.now()
    with transaction.atomic(durable=True):
        counted = EmailCode.objects.usable(now).filter(pk=row.pk).update(tries=F("tries") + 1)
    if not counted:
        raise _spent_code()
    if not hmac.compare_digest(row.code_hash, token_hash(f"{handle}:{digits}")):
        raise Invalid(
            _("This is not the code we sent. Check the digits."), field="code", code="code_wrong"
        )
    with transaction.atomic():
        once = EmailCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now)
        if not once:
            raise _spent_code()
        account = _account_of(row.email, row.email_canonical, language)
        if not account.is_active:
            raise _suspended()
        _note_sign_in(account, "sign-in.code", language if chose_language else None)
    return account


def _account_of(email: str, canonical: str, language: str) -> Account:
    accounts = Account.objects.select_for_update(of=("self",)).select_related("person")
    found = accounts.filter(email_canonical=canonical).first()
    if found is None:
        return open_account(email=email, language=language)
    if found.email_confirmed_at is None:
        # Somebody else may have opened it with this address: what they set does not survive.
        found.email_confirmed_at = clock.now()
        found.set_unusable_password()
        found.save(update_fields=["email_confirmed_at", "password"])
        if found.person.level < 1:
            found.person.level = 1
            found.person.save(update_fields=["level"])
        audit.record(
            "account.confirm", actor=found, subject=found.public_id, rows=[found.person, found]
        )
    return found


def _suspended() -> Refused:
    return Refused(
        _("This account is suspended. Write to us if you think that is wrong."), code="suspended"
    )


def _note_sign_in(account: Account, verb: str, language: str | None) -> None:
    if language and known_language(language) != account.language:
        account.language = known_language(language)
        account.save(update_fields=["language"])
    audit.record(verb, actor=account, subject=account.public_id)


def sign_in_by_password(
    *, email: str, password: str, network: str, language: str, chose_language: bool = False
) -> Account:
    """The account of an address and password. One error for everything that may be wrong.

    Raises ``Invalid`` and ``TooMany``. The e-mail code stays a way in when the limit of the
    password is spent, so the limit locks nobody out.
    """
    limits.spend("password_try_address", network)
    wrong = Invalid(_("The e-mail address or the password is not right."), code="password_wrong")
    try:
        canonical = canonical_email(email)
    except Invalid:
        canonical = "none"
    limits.spend("password_try", canonical)
    if not _hashable(password):
        raise wrong
    found = authenticate(None, username=email, password=password)
    if not isinstance(found, Account):
        raise wrong
    with transaction.atomic():
        account = Account.objects.select_related("person").get(pk=found.pk)
        _note_sign_in(account, "sign-in.password", language if chose_language else None)
    return account


@transaction.atomic
def note_sign_out(*, account: Account) -> None:
    """Put the end of a session into the audit trail."""
    audit.record("sign-out", actor=account, subject=account.public_id)


def check_new_password(password: str, account: Account | None = None) -> str:
    """The password, verbatim, if it may be one; ``Invalid`` with the reason. Not hashed here.

    At least 12 characters, none of the common ones, not only digits, at most 1,024 bytes.
    """
    if len(password.encode("utf-8", "surrogatepass")) > PASSWORD_BYTES:
        raise Invalid(_("This password is too long."), field="password", code="password_long")
    if "\x00" in password or not _hashable(password):
        raise Invalid(
            _("Remove the characters that cannot be typed again."),
            field="password",
            code="password_characters",
        )
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password", code="password_weak") from None
    return password


@transaction.atomic
def set_password(
    *, account: Account, password: str, current: str = "", proven: bool = False
) -> Account:
    """Set or change the password; every other session of the account ends by it.

    ``proven``: the session began with an e-mail code minutes ago, which is our way to a forgotten
    password too: there is no reset link that could be replayed or sent to a forged host (A6, A7).
    Otherwise ``current`` must be right. Raises ``Invalid``, ``TooMany``, ``Refused``.
    """
    limits.spend("password_try", account.email_canonical)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not policies.is_live(account):
        raise _suspended()
    if not proven:
        if not account.has_usable_password():
            raise Refused(
                _("Sign in with an e-mail code first, then set the password."), code="not_fresh"
            )
        if not _hashable(current) or not account.check_password(current):
            raise Invalid(_("This is not your password."), field="current", code="password_wrong")
    account.set_password(check_new_password(password, account))
    account.save(update_fields=["password"])
    audit.record("account.password", actor=account, subject=account.public_id)
    return account


@transaction.atomic
def sweep_codes() -> int:
    """Forget codes that are an hour past their end; returns how many."""
    return EmailCode.objects.filter(expires_at__lt=clock.now() - CODE_KEPT).delete()[0]
