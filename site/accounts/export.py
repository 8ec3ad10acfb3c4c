"""A person's own data, from every room that holds some (PDPO; promise PR10).

A room registers a section once, in ``AppConfig.ready()``: a function that takes the account and
gives what it holds in JSON types, without anything about other people.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Account, Invitation
from core import clock

Section = Callable[[Account], Any]

_sections: dict[str, tuple[Any, Section]] = {}


def register_section(name: str, title: Any, collect: Section) -> None:
    """Add a room's section: ``name`` is the key in the file, ``title`` the (lazy) heading."""
    _sections[name] = (title, collect)


def unregister_section(name: str) -> None:
    """Take a section away again (tests)."""
    _sections.pop(name, None)


def _account(account: Account) -> dict[str, Any]:
    person = account.person
    return {
        "id": account.public_id,
        "email": account.email,
        "email_confirmed_at": _iso(account.email_confirmed_at),
        "display_name": account.display_name,
        "language": account.language,
        "mail_notices": account.mail_notices,
        "has_password": account.has_usable_password(),
        "opened_at": _iso(account.created_at),
        "last_signed_in_at": _iso(account.last_login),
        "level": {"value": person.level, "name": str(person.get_level_display())},
        "roles": [
            {
                "role": grant.role,
                "bureau": grant.bureau.code if grant.bureau else None,
                "since": _iso(grant.since),
                "until": _iso(grant.until),
            }
            for grant in account.grants.select_related("bureau").order_by("pk")
        ],
        "invitations": [
            {
                "role": row.role,
                "bureau": row.bureau.code if row.bureau else None,
                "sent_at": _iso(row.created_at),
                "accepted_at": _iso(row.accepted_at),
            }
            for row in invitations_of(account)
        ],
    }


def invitations_of(account: Account) -> QuerySet[Invitation]:
    """Every invitation that was sent to the account's address, or that it accepted."""
    sent = Q(email_canonical=account.email_canonical) | Q(accepted_by=account)
    return Invitation.objects.filter(sent).select_related("bureau").order_by("pk")


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def export_of(account: Account) -> dict[str, Any]:
    """Everything held about the account, by section; JSON types only."""
    return {
        "made_at": clock.now().isoformat(),
        "account": _account(account),
        **{name: collect(account) for name, (_title, collect) in sorted(_sections.items())},
    }


def titles() -> dict[str, Any]:
    """The heading of each registered section."""
    return {name: title for name, (title, _collect) in sorted(_sections.items())}
