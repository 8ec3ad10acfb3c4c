"""Setting the platform up: its name and sender, the bodies in use, the first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Account, Bureau, Role
from core import audit
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
def set_platform(*, name: str = "", sender: str = "") -> PlatformSettings:
    """Store the platform's name (one for all languages) and the sender of its mails.

    An empty argument leaves what is stored; the first call stores the settings file's values.
    """
    row = PlatformSettings.objects.select_for_update().first()
    fresh = row is None
    row = row or PlatformSettings.from_settings()
    before = (dict(row.name), row.sender)
    if name:
        row.name = dict.fromkeys(row.name, name)
    if sender:
        row.sender = sender
    if fresh or before != (row.name, row.sender):
        row.save()
        audit.record("platform.set", actor="system", rows=[row])
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
