"""Every fetch of notices at an edge; somebody else's and absent ones look the same."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account
from core.exceptions import Absent
from notifications import kinds
from notifications.models import Notice


def access_notices(account: Account) -> QuerySet[Notice]:
    """The account's own notices, newest first, of kinds that can still be put into words."""
    known = [kind.name for kind in kinds.registered()]
    return Notice.objects.filter(account=account, kind__in=known)


def access_notice(public_id: str, account: Account) -> Notice:
    """One of the account's own notices; raises ``Absent``."""
    notice = access_notices(account).filter(public_id=public_id).first()
    if notice is None:
        raise Absent
    return notice
