"""Notices to a person: shown as own data, deleted with the account."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import closing
from accounts.export import register_section
from accounts.models import Account
from notifications.models import Notice

#: The only parameters shown: the others may hold names or words of other people.
_SHOWN = ("title", "bureau", "what", "verdict", "state", "rule", "sentence")


def notices_of(account: Account) -> QuerySet[Notice]:
    """What was told to the account, and to its bare address."""
    bare = Q(account=None, address__in={account.email.lower(), account.email_canonical})
    return Notice.objects.filter(Q(account=account) | bare)


def notices(account: Account) -> list[dict[str, Any]]:
    """Every notice, without what other people wrote."""
    return [
        {
            "id": row.public_id,
            "kind": row.kind,
            "language": row.language,
            "about": {name: row.params[name] for name in _SHOWN if name in row.params},
            "created_at": row.created_at.isoformat(),
            "read_at": row.read_at.isoformat() if row.read_at else None,
            "mailed_at": row.mailed_at.isoformat() if row.mailed_at else None,
        }
        for row in notices_of(account).order_by("pk")
    ]


def erase(*, account: Account, last: bool) -> None:
    """Delete every notice, those to the bare address too."""
    notices_of(account).delete()


def register() -> None:
    """Called from ``ready()``."""
    register_section("notices", _("Notices to me"), notices)
    closing.register("notifications", erase)
