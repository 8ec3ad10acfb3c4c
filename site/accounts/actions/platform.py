"""Setting the platform up: its name and sender, the bodies in use, the first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Account, Bureau, Role
from core import audit, nameplate
from core.exceptions import Invalid
from core.models import PlatformSettings
from core.text import canonical_email

from .account import open_account
from .roles import grant_role


@transaction.atomic
def choose_bureaux(*, codes: Iterable[str]) -> int:
    """Mark exactly these bodies as in use; returns how many. Invalid names unknown codes."""
    wanted = {code.strip().upper() for code in codes if code.strip()}
    by_code = {bureau.code.upper(): bureau for bureau in Bureau.objects.select_for_update()}
    unknown = sorted(wanted - set(by_code))
    if unknown:
        raise Invalid(f"There is no bureau with the code {', '.join(unknown)}.", field="bureaux")
    changed = []
    for code, bureau in by_code.items():
        if bureau.in_use != (code in wanted):
            bureau.in_use = code in wanted
            bureau.save(update_fields=["in_use"])
            changed.append(bureau)
    if changed:
        audit.record("bureaux.choose", actor="system", rows=changed)
    return len(wanted)


@transaction.atomic
def set_platform(
    *, name: str = "", sender: str = "", contact_email: str = "", contact_phone: str = ""
) -> PlatformSettings:
    """Store the platform's name (one for all languages), the sender of its mails, whom to ask.

    An empty argument leaves what is stored; the first call stores the settings file's values.
    """
    row = PlatformSettings.objects.select_for_update().first()
    fresh = row is None
    row = row or PlatformSettings.from_settings()
    given: dict[str, Any] = {
        "sender": sender,
        "contact_email": contact_email,
        "contact_phone": contact_phone,
    }
    if name:
        given["name"] = dict.fromkeys(row.name, name)
    changed = {
        field: value for field, value in given.items() if value and getattr(row, field) != value
    }
    for field, value in changed.items():
        setattr(row, field, value)
    if changed:
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise Invalid(" ".join(error.messages)) from error
    if fresh or changed:
        row.save()
        audit.record("platform.set", actor="system", rows=[row])
        transaction.on_commit(partial(nameplate.hold, row))
    return row


@transaction.atomic
def ensure_administrator(*, email: str) -> tuple[Account, str]:
    """Make the account an administrator; returns it with a new password, "" where it had one.

    Run again for the same address it changes nothing.
    """
    account = Account.objects.filter(email_canonical=canonical_email(email)).first()
    password = ""
    if account is None:
        password = secrets.token_urlsafe(15)
        account = open_account(email=email, password=password)
    elif not account.has_usable_password():
        password = secrets.token_urlsafe(15)
        account.set_password(password)
        account.save(update_fields=["password"])
    grant_role(account=account, role=Role.ADMINISTRATOR, by="system")
    account.refresh_from_db()
    return account, password
