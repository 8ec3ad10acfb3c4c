"""Changing the address of an account: proved by a code to the new one, told to the old one (A13).

Asking is the same for every address, so nobody learns whose is known here. Only who reads the new
mailbox, and so brings the code back, is told that another account has the address.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import persons, policies
from accounts.actions import codes
from accounts.actions.verification import merge_persons
from accounts.disposable import is_disposable
from accounts.keys import person_key
from accounts.models import Account, EmailCode, Level, Person
from accounts.signals import email_changed
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Conflict, Invalid, Refused
from core.text import canonical_email


def request_email_change(
    *, account: Account, email: str, network: str, language: str, path: str = ""
) -> EmailCode:
    """Mail a code to the new address and return its row; nothing else changes yet.

    ``network`` is ``limits.address(request)``. Raises ``Invalid`` for what is no address, is the
    account's own or a throw-away one, ``TooMany``, ``MailDown``.
    """
    limits.spend("sign_in_code_request_address", network)
    limits.spend("email_change", account.public_id)
    address = clean_email(email)
    if address == account.email:
        raise Invalid(_("This is your address already."), field="email", code="email_same")
    canonical = canonical_email(address)
    if is_disposable(canonical):
        raise Invalid(
            _("This provider gives out throw-away addresses. Choose an address that you keep."),
            field="email",
            code="email_disposable",
        )
    limits.spend("sign_in_code_request", canonical)
    others = Account.objects.filter(email_canonical=canonical).exclude(pk=account.pk)
    # Mail goes to the stored address, never to another spelling of it (N1).
    target = others.values_list("email", flat=True).first() or address
    return codes.send_code(
        email=target,
        canonical=canonical,
        purpose=codes.EMAIL_CHANGE,
        language=language,
        path=path,
        bound_to=account.public_id,
    )


def change_email(*, account: Account, handle: str, code: str, network: str) -> Account:
    """Give the account the address its code was sent to, and tell both addresses.

    The person stays the same, with all that was contributed; its key follows the address, so the
    old address is free for whoever reads its mail, without a way to this person. An address that
    was an erased account's brings that person's votes along, settled, so that one address never
    gives two. Raises ``Invalid`` and ``TooMany`` for the code, ``Conflict`` for an address that
    another account or a verified person has, ``Refused`` for a suspended account.
    """
    row = codes.check_code(
        handle=handle,
        code=code,
        purpose=codes.EMAIL_CHANGE,
        network=network,
        bound_to=account.public_id,
    )
    try:
        with transaction.atomic():
            codes.use_code(row)
            return _change(account, row.email, row.email_canonical)
    except IntegrityError:
        # Two accounts proved the same address at the same moment.
        raise _taken() from None


def _taken() -> Conflict:
    return Conflict(
        _(
            "This address belongs to another account here. Sign in with it and close that account "
            "first, or choose another address."
        ),
        code="email_taken",
    )


def _change(account: Account, email: str, canonical: str) -> Account:
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if not policies.is_live(account):
        raise Refused
    if Account.objects.filter(email_canonical=canonical).exclude(pk=account.pk).exists():
        raise _taken()
    old = account.email if account.email_confirmed_at is not None else ""
    before = account.email_canonical
    rows: list[Person] = []
    if canonical != before:
        rows = _move_key(account, before, canonical)
        EmailCode.objects.filter(email_canonical=before).delete()
    person = Person.objects.select_for_update().get(pk=account.person_id)
    if person.level < Level.EMAIL:
        person.level = Level.EMAIL
        person.save(update_fields=["level"])
    account.email = email
    account.email_canonical = canonical
    account.email_confirmed_at = clock.now()
    account.save(update_fields=["email", "email_canonical", "email_confirmed_at"])
    account.person = person
    others = [row for row in rows if row.pk != person.pk]
    audit.record(
        "account.email", actor=account, subject=account.public_id, rows=[account, person, *others]
    )
    email_changed.send(sender=Account, account=account, old=old)
    return account


def _move_key(account: Account, before: str, after: str) -> list[Person]:
    """Let the new address lead to the account's person and the old one to nobody."""
    person = Person.objects.select_for_update().get(pk=account.person_id)
    old_key, new_key = person_key("email", before), person_key("email", after)
    holder = Person.objects.select_for_update().filter(person_key=new_key).first()
    if holder is not None:
        known = persons.living(holder)
        if known.pk != person.pk:
            if known.level >= Level.VERIFIED or known.accounts.exists():
                raise _taken()
            merge_persons(keep=person, gone=known, by="system")
    keyed = Person.objects.select_for_update().filter(person_key=old_key).first()
    if keyed is None or persons.living(keyed).pk != person.pk:
        return []
    # The new address may lead here already: by an earlier merge, or by the one just made.
    keyed.person_key = None if holder is not None else new_key
    keyed.save(update_fields=["person_key"])
    return [keyed]
