"""Opening accounts."""

from typing import Any

from django.db import transaction

from accounts.keys import person_key
from accounts.models import Account, Level, Person
from core import audit, clock
from core.text import canonical_email


@transaction.atomic
def open_account(
    *, email: str, password: str | None = None, confirmed: bool = True, **fields: Any
) -> Account:
    """Make an account and the person it belongs to, or find the person whose key it shares.

    The address is kept as typed (mail goes there) and compared by its canonical form, so
    ``a.b+1@gmail`` is not a second person. Raises ``core.exceptions.Invalid`` for an address that
    has no canonical form and IntegrityError when the account exists.
    """
    canonical = canonical_email(email)
    now = clock.now()
    level = Level.EMAIL if confirmed else Level.ANYONE
    person, _created = Person.objects.get_or_create(
        person_key=person_key("email", canonical), defaults={"level": level, "created_at": now}
    )
    account = Account(
        person=person,
        email=email.strip(),
        email_canonical=canonical,
        email_confirmed_at=now if confirmed else None,
        created_at=now,
        **fields,
    )
    if password:
        account.set_password(password)
    else:
        account.set_unusable_password()
    account.save()
    audit.record("account.open", actor=account, subject=account.public_id, rows=[person, account])
    return account
