"""Opening an account, and what its owner may set."""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import persons, policies
from accounts.disposable import is_disposable
from accounts.keys import person_key
from accounts.models import Account, Bureau, Level, Person
from accounts.signals import name_chosen
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Conflict, Invalid
from core.text import canonical_email, clean_name
from core.texts import LANGUAGES, known_language

logger = logging.getLogger(__name__)


@transaction.atomic
def open_account(
    *, email: str, password: str | None = None, confirmed: bool = True, **fields: Any
) -> Account:
    """Make an account and the person it belongs to, or find the person whose key it shares.

    The address is kept as typed (mail goes there) and compared by its canonical form, so
    ``a.b+1@gmail`` is not a second person; a person who erased an account and comes back is the
    same person, so no second vote. A throw-away address gives no level. Raises ``Invalid`` for an
    address that is none and ``Conflict`` when there is an account for it.
    """
    address = clean_email(email)
    canonical = canonical_email(address)
    if Account.objects.filter(email_canonical=canonical).exists():
        raise Conflict(_("There is an account for this address."), code="account_exists")
    now = clock.now()
    throw_away = is_disposable(canonical)
    person = _person_of_address(canonical, proves=confirmed and not throw_away)
    fields["language"] = known_language(fields.get("language"))
    account = Account(
        person=person,
        email=address,
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
    if throw_away:
        # Counted, not refused: many in a short time are worth an operator's look.
        logger.info("A throw-away address.", extra={"account": account.public_id})
    return account


def _person_of_address(canonical: str, *, proves: bool) -> Person:
    key = person_key("email", canonical)
    level = Level.EMAIL if proves else Level.ANYONE
    person = persons.person_with_key(key, lock=True)
    if person is None:
        return Person.objects.create(person_key=key, level=level, created_at=clock.now())
    if person.level < level or person.erased_at is not None:
        person.level = max(person.level, level)
        person.erased_at = None
        person.save(update_fields=["level", "erased_at"])
    return person


def reserved_names(account: Account) -> list[str]:
    """Names nobody else may take: the bodies' in every language, their codes, those of staff."""
    names: list[str] = []
    for code, texts in Bureau.objects.values_list("code", "name"):
        names.append(code)
        names.extend(texts.values())
    staff = policies.with_any_role().exclude(pk=account.pk).exclude(display_name="")
    names.extend(staff.values_list("display_name", flat=True))
    return names


@transaction.atomic
def choose_display_name(*, account: Account, name: str) -> Account:
    """Choose the name that stands beside what the account publishes from now on.

    Raises ``Invalid`` for names that could be taken for an official, hold an address or cannot be
    seen (``core.text.clean_name``). Sends ``name_chosen``; a moderator looks at it behind.
    """
    limits.spend("settings_change", account.public_id)
    cleaned = clean_name(name, reserved=reserved_names(account))
    account = Account.objects.select_for_update().get(pk=account.pk)
    previous = account.display_name
    if cleaned == previous:
        return account
    account.display_name = cleaned
    account.display_name_version += 1
    account.save(update_fields=["display_name", "display_name_version"])
    audit.record("account.name", actor=account, subject=account.public_id, rows=[account])
    name_chosen.send(
        sender=Account,
        account=account,
        name=cleaned,
        version=account.display_name_version,
        previous=previous,
    )
    return account


@transaction.atomic
def clear_display_name(*, account: Account, version: int, by: Account | str) -> bool:
    """Take a display name away (moderation decides that). False when it has changed since.

    The account chooses another at its next public act. ``version`` is the one that was read.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.display_name_version != version or not account.display_name:
        return False
    account.display_name = ""
    account.display_name_version += 1
    account.save(update_fields=["display_name", "display_name_version"])
    audit.record("account.name.clear", actor=by, subject=account.public_id, rows=[account])
    return True


@transaction.atomic
def change_settings(
    *, account: Account, language: str | None = None, mail_notices: bool | None = None
) -> Account:
    """Set the language of mails, and whether notices come by mail. Raises ``Invalid``."""
    limits.spend("settings_change", account.public_id)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if language is not None:
        if language not in LANGUAGES:
            raise Invalid(_("Choose a language."), field="language")
        account.language = language
    if mail_notices is not None:
        account.mail_notices = mail_notices
    account.save(update_fields=["language", "mail_notices"])
    audit.record("account.settings", actor=account, subject=account.public_id, rows=[account])
    return account
