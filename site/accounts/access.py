"""Every fetch of people at an edge goes through here; hidden and absent look the same."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import policies
from accounts.keys import token_hash
from accounts.models import Account, Bureau, Invitation, Person
from core import clock
from core.exceptions import Absent, SignInNeeded
from core.text import canonical_email


def current_account(request: HttpRequest) -> Account | None:
    """The signed-in account, with its person (one query a request), or None.

    A suspended account is nobody: the backend stops giving it out at once.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    # Actions get the row itself, not the lazy stand-in that the request carries.
    account = getattr(user, "_wrapped", user)
    return account if isinstance(account, Account) and policies.is_live(account) else None


def current_person(request: HttpRequest) -> Person | None:
    """The person behind the signed-in account, or None."""
    account = current_account(request)
    return account.person if account is not None else None


def require_account(request: HttpRequest) -> Account:
    """The signed-in account; raises ``SignInNeeded``."""
    account = current_account(request)
    if account is None:
        raise SignInNeeded
    return account


def access_account(public_id: str, *, by: Account | None, lock: bool = False) -> Account:
    """An account for an administrator; ``Absent`` for everybody else and for unknown ids."""
    if not policies.can_manage_people(by):
        raise Absent
    rows = Account.objects.select_related("person")
    if lock:
        rows = rows.select_for_update(of=("self",))
    account = rows.filter(public_id=public_id).first()
    if account is None:
        raise Absent
    return account


def access_account_by_email(email: str, *, by: Account | None) -> Account:
    """The account with this whole address, for an administrator. Raises ``Absent``."""
    if not policies.can_manage_people(by):
        raise Absent
    account = Account.objects.filter(email_canonical=canonical_email(email)).first()
    if account is None:
        raise Absent(_("There is no account with this address."))
    return account


def access_invitation(token: str) -> Invitation:
    """The waiting invitation a mailed token opens.

    Unknown, used, taken back and expired look the same: ``Absent``, with what to do about it.
    """
    row = (
        Invitation.objects.waiting(clock.now())
        .select_related("bureau", "invited_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if row is None:
        raise Absent(
            _(
                "This invitation has been used, taken back or has expired. "
                "Ask the person who invited you for a new one."
            ),
            code="invitation_absent",
        )
    return row


def access_own_invitation(public_id: str, *, by: Account | None) -> Invitation:
    """A waiting invitation for an administrator to take back; ``Absent`` otherwise."""
    if not policies.can_manage_people(by):
        raise Absent
    row = Invitation.objects.waiting(clock.now()).filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def access_bureau(slug: str) -> Bureau:
    """A body in use, by the slug in its address; ``Absent`` when there is none."""
    # PostgreSQL refuses a NUL, which a form may send.
    row = Bureau.objects.filter(slug=slug, in_use=True).first() if slug.isprintable() else None
    if row is None:
        raise Absent
    return row
