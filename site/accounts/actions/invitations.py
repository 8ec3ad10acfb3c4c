"""Inviting staff: bound to one e-mail, role and body; seven days; once (A15)."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import mailing, policies
from accounts.actions.roles import clean_role, grant_role
from accounts.keys import token_hash
from accounts.models import Account, Bureau, Invitation, RoleGrant
from accounts.signals import invitation_accepted
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Absent, Refused
from core.text import canonical_email
from core.texts import known_language, pick

INVITATION_LIFE = dt.timedelta(days=7)
#: A settled invitation keeps its address this long, for questions about it.
ADDRESS_KEPT = dt.timedelta(days=30)


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    bureau: Bureau | None = None,
    by: Account | str,
    language: str = "en",
) -> Invitation:
    """Invite an address to a role; the mail holds the only copy of the token.

    Administrators invite to every role, officers jurors of their own body. An older invitation of
    the same address to the same role is taken back. Raises ``Refused`` and ``SignInNeeded`` for who
    may not, ``Invalid`` for a wrong address, role or body, and for one's own address.
    """
    policies.require_inviter(by, role, bureau)
    if isinstance(by, Account):
        limits.spend("invitation", by.public_id)
    address = clean_email(email)
    canonical = canonical_email(address)
    wanted = clean_role(role, bureau)
    if isinstance(by, Account) and by.email_canonical == canonical:
        raise Refused(
            _("Nobody changes their own roles. Ask another administrator."), code="own_roles"
        )
    now = clock.now()
    older = Invitation.objects.waiting(now).filter(
        email_canonical=canonical, role=wanted, bureau=bureau
    )
    for row in older.select_for_update():
        _take_back(row, by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=address,
        email_canonical=canonical,
        role=wanted,
        bureau=bureau,
        token_hash=token_hash(token),
        invited_by=by if isinstance(by, Account) else None,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    audit.record("invitation.send", actor=by, subject=invitation.public_id, rows=[invitation])
    chosen = (
        Account.objects.filter(email_canonical=canonical).values_list("language", flat=True).first()
    )
    chosen = chosen or known_language(language)
    mailing.send_invitation(
        invitation=invitation,
        path=f"/{chosen}/account/invitation/{token}/",
        language=chosen,
        by=by.get_full_name() if isinstance(by, Account) else _platform(chosen),
    )
    return invitation


def _platform(language: str) -> str:
    return pick(settings.KAIFONG["PLATFORM_NAME"], language).text


def _take_back(invitation: Invitation, by: Account | str) -> None:
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    audit.record("invitation.revoke", actor=by, subject=invitation.public_id, rows=[invitation])


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Account | str) -> Invitation:
    """Take an invitation back before it is accepted. Raises ``Absent`` when it is too late."""
    policies.require_inviter(by, invitation.role, invitation.bureau)
    if isinstance(by, Account):
        limits.spend("manage_people", by.public_id)
    found = (
        Invitation.objects.select_for_update().waiting(clock.now()).filter(pk=invitation.pk).first()
    )
    if found is None:
        raise Absent
    _take_back(found, by)
    return found


@transaction.atomic
def accept_invitation(*, invitation: Invitation, account: Account) -> RoleGrant:
    """Accept with the account of the very address that was invited; gives the role.

    Raises ``Absent`` when the invitation was used, taken back or has expired meanwhile,
    ``Refused`` for any other account, and when whoever invited may not invite any more. Sends
    ``invitation_accepted``.
    """
    limits.spend("invitation_accept", account.public_id)
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("invited_by", "bureau")
        .waiting(clock.now())
        .filter(pk=invitation.pk)
        .first()
    )
    if found is None:
        raise Absent
    if found.email_canonical != account.email_canonical or account.email_confirmed_at is None:
        raise Refused(
            _(
                "This invitation is for another e-mail address. "
                "Sign in with the address it was sent to."
            ),
            code="wrong_account",
        )
    inviter = found.invited_by
    if inviter is not None and not policies.can_invite(inviter, found.role, found.bureau):
        raise Refused(
            _("Whoever invited you may not invite any more. Ask for a new invitation."),
            code="inviter_gone",
        )
    found.accepted_at = clock.now()
    found.accepted_by = account
    found.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("invitation.accept", actor=account, subject=found.public_id, rows=[found])
    grant = grant_role(account=account, role=found.role, bureau=found.bureau, by="system")
    invitation_accepted.send(sender=Invitation, invitation=found, account=account)
    return grant


@transaction.atomic
def sweep_invitations() -> int:
    """Take the address out of invitations that were settled long ago; returns how many.

    Who was given which role, by whom and when, stays; an accepted one names its account. Safe to
    run twice.
    """
    limit = clock.now() - ADDRESS_KEPT
    settled = (
        Q(accepted_at__lte=limit)
        | Q(revoked_at__lte=limit)
        | Q(accepted_at=None, expires_at__lte=limit)
    )
    rows = Invitation.objects.filter(settled).exclude(email_canonical="")
    return rows.update(email="", email_canonical="")
