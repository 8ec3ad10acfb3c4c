"""Ways in: a one-time code by e-mail, a password. Nothing here tells who has an account.

Every failure is counted whatever follows it: counts are spent before anything is compared, by
address of the network and by e-mail, and a success gives none of them back (A2 to A5).
"""

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import policies, sockets
from accounts.actions import codes
from accounts.actions.account import open_account
from accounts.actions.tokens import revoke_tokens
from accounts.disposable import is_disposable
from accounts.mail_domains import owner_of
from accounts.models import Account, EmailCode, Level
from accounts.signals import password_changed
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Invalid, Refused
from core.text import canonical_email
from core.texts import known_language

PASSWORD_BYTES = 1024


def _hashable(password: str) -> bool:
    """Whether a typed password may reach the hash: short enough, and text at all."""
    try:
        return len(password.encode()) <= PASSWORD_BYTES
    except UnicodeEncodeError:
        return False


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
    return codes.send_code(
        email=target, canonical=canonical, purpose=codes.SIGN_IN, language=language, path=path
    )


def confirm_code(
    *, handle: str, code: str, network: str, language: str, chose_language: bool = False
) -> Account:
    """The account of the address a code was sent to, made now if there was none.

    The code has three tries, counted by one conditional UPDATE in a transaction of its own, so
    that parallel guesses share the three and a failure is never rolled back; it works once and
    for ten minutes. ``chose_language``: the reader chose ``language``, so it is kept on an old
    account too. Raises ``Invalid`` (wrong, spent, expired: the last two alike), ``TooMany`` (also
    when the mail domain has begun too many accounts; the code stays good), ``Refused`` for a
    suspended account.
    """
    row = codes.check_code(handle=handle, code=code, purpose=codes.SIGN_IN, network=network)
    with transaction.atomic():
        codes.use_code(row)
        account = _account_of(row.email, row.email_canonical, language)
        if not account.is_active:
            raise _suspended()
        _note_sign_in(account, "sign-in.code", language if chose_language else None)
    return account


def _account_of(email: str, canonical: str, language: str) -> Account:
    accounts = Account.objects.select_for_update(of=("self",)).select_related("person")
    found = accounts.filter(email_canonical=canonical).first()
    if found is None:
        # Refused here the code stays good: the transaction takes its use back.
        limits.spend("new_account_domain", owner_of(canonical))
        return open_account(email=email, language=language)
    if found.email_confirmed_at is None:
        # Somebody else may have opened it with this address: what they set does not survive.
        found.email_confirmed_at = clock.now()
        found.set_unusable_password()
        found.save(update_fields=["email_confirmed_at", "password"])
        if found.person.level < Level.EMAIL and not is_disposable(canonical):
            found.person.level = Level.EMAIL
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
    """Set or change the password; every other session of the account and its tokens end by it.

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
    first = not account.has_usable_password()
    account.set_password(check_new_password(password, account))
    account.save(update_fields=["password"])
    audit.record("account.password", actor=account, subject=account.public_id)
    revoke_tokens(account=account, by=account)
    sockets.hang_up_account(account)
    password_changed.send(sender=Account, account=account, first=first)
    return account
