"""Tokens of the API: made, revoked."""

import datetime as dt
import secrets

from django.db import transaction

from accounts import policies
from accounts.keys import token_hash
from accounts.models import Account, ApiToken
from core import audit, clock
from core.exceptions import Refused

LIVES_FOR = dt.timedelta(days=90)
#: Lets a leaked token be recognised for what it is.
PREFIX = "kaifong_"


@transaction.atomic
def create_token(*, account: Account, by: Account | str) -> tuple[ApiToken, str]:
    """Make a token for the account; returns it with its secret, which is kept nowhere.

    Raises Refused for a suspended account.
    """
    if not policies.is_live(account):
        raise Refused
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    row = ApiToken.objects.create(
        account=account, token_hash=token_hash(secret), created_at=now, expires_at=now + LIVES_FOR
    )
    audit.record("token.create", actor=by, subject=account.public_id, rows=[row])
    return row, secret


@transaction.atomic
def revoke_tokens(*, account: Account, by: Account | str) -> int:
    """End every live token of the account; returns how many. Felt by the next request."""
    now = clock.now()
    rows = list(
        ApiToken.objects.select_for_update().filter(account=account, revoked_at=None).order_by("pk")
    )
    for row in rows:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
    if rows:
        audit.record("token.revoke", actor=by, subject=account.public_id, rows=rows)
    return len(rows)
