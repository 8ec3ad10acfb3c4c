"""Giving and ending roles, closing and opening accounts for the time being (decision 14)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import policies, sockets
from accounts.actions.tokens import revoke_tokens
from accounts.models import Account, Bureau, Role, RoleGrant
from accounts.models.role import BUREAU_ROLES
from accounts.signals import role_changed, suspension_changed
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid, Refused

System = str  # the word "system": setup, commands, importers


def _may_change(by: Account | System, account: Account) -> None:
    policies.require_people_manager(by)
    if isinstance(by, Account):
        if not policies.can_change_roles_of(by, account):
            raise Refused(
                _("Nobody changes their own roles. Ask another administrator."), code="own_roles"
            )
        limits.spend("manage_people", by.public_id)


def _lock_administrators() -> None:
    """Take the lock that every change of who runs the platform waits for."""
    list(
        RoleGrant.objects.select_for_update()
        .filter(role=Role.ADMINISTRATOR, until__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _keep_one_administrator(account: Account) -> None:
    if not policies.other_administrators(account).exists():
        raise Conflict(
            _("This is the last administrator. Make somebody else administrator first."),
            code="last_administrator",
        )


def sync_flags(account: Account) -> bool:
    """Bring the flags Wagtail and Django read in line with the roles; True when they changed.

    Called by every action on roles and by the job that ends those whose time is up. The caller
    records the account in its audit entry.
    """
    roles = set(
        RoleGrant.objects.filter(account=account)
        .in_force(clock.now())
        .values_list("role", flat=True)
    )
    staff = bool(roles & policies.CMS_ROLES)
    root = Role.ADMINISTRATOR in roles
    if (account.is_staff, account.is_superuser) == (staff, root):
        return False
    account.is_staff, account.is_superuser = staff, root
    account.save(update_fields=["is_staff", "is_superuser"])
    return True


def clean_role(role: str, bureau: Bureau | None) -> Role:
    """The role of that name. Raises ``Invalid`` for none, and for one without the body it needs or
    with one it cannot have.
    """
    try:
        wanted = Role(role)
    except ValueError:
        raise Invalid(_("Choose a role."), field="role") from None
    if wanted in BUREAU_ROLES and bureau is None:
        raise Invalid(_("Officers and approvers work for one body. Choose it."), field="bureau")
    if wanted == Role.ADMINISTRATOR and bureau is not None:
        raise Invalid(_("An administrator works for the whole platform."), field="bureau")
    return wanted


@transaction.atomic
def grant_role(
    *,
    account: Account,
    role: str,
    bureau: Bureau | None = None,
    by: Account | System,
    until: dt.datetime | None = None,
) -> RoleGrant:
    """Give a role, for one body where the role needs one. The same role again gives that grant.

    ``by`` is an administrator, never the account itself, or "system" (set-up and commands).
    Raises ``Refused``, and ``Invalid`` for a role without its body, a platform role with one it
    cannot have, a suspended account, or an end that has passed. Sends ``role_changed``.
    """
    _may_change(by, account)
    now = clock.now()
    wanted = clean_role(role, bureau)
    if until is not None and until <= now:
        raise Invalid(_("The end must lie ahead."), field="until")
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        raise Invalid(_("This account is suspended."), field="role", code="suspended")
    held = (
        RoleGrant.objects.filter(account=account, role=wanted, bureau=bureau).not_ended(now).first()
    )
    if held is not None:
        return held
    grant = RoleGrant.objects.create(
        account=account,
        role=wanted,
        bureau=bureau,
        since=now,
        until=until,
        granted_by=by if isinstance(by, Account) else None,
    )
    sync_flags(account)
    audit.record("role.grant", actor=by, subject=account.public_id, rows=[grant, account])
    role_changed.send(
        sender=RoleGrant,
        account=account,
        role=str(wanted),
        bureau=bureau,
        granted=True,
        grant=grant,
        by=by,
    )
    return grant


@transaction.atomic
def revoke_role(
    *, account: Account, role: str, bureau: Bureau | None = None, by: Account | System
) -> RoleGrant | None:
    """End a role now; None when the account does not hold it (a second click changes nothing).

    Raises ``Refused`` for one's own roles, ``Conflict`` for the last administrator. Sends
    ``role_changed``.
    """
    _may_change(by, account)
    if role not in Role.values:
        return None
    _lock_administrators()
    account = Account.objects.select_for_update().get(pk=account.pk)
    grant = (
        RoleGrant.objects.filter(account=account, role=role, bureau=bureau)
        .not_ended(clock.now())
        .first()
    )
    if grant is None:
        return None
    if grant.role == Role.ADMINISTRATOR:
        _keep_one_administrator(account)
    _end(grant, account, by)
    return grant


def _end(grant: RoleGrant, account: Account, by: Account | System) -> None:
    grant.until = max(clock.now(), grant.since)
    grant.settled = True
    grant.save(update_fields=["until", "settled"])
    sync_flags(account)
    audit.record("role.revoke", actor=by, subject=account.public_id, rows=[grant, account])
    sockets.hang_up_account(account)
    role_changed.send(
        sender=RoleGrant,
        account=account,
        role=grant.role,
        bureau=grant.bureau,
        granted=False,
        grant=grant,
        by=by,
    )


@transaction.atomic
def end_expired_roles() -> int:
    """Do for grants whose end has come what revoking does; returns how many accounts changed.

    Policies need none of this, they ask the clock; the flags and Wagtail's groups do.
    """
    now = clock.now()
    changed = 0
    expired = RoleGrant.objects.filter(until__lte=now, settled=False).select_related("bureau")
    for grant in expired.order_by("pk")[:200]:
        account = Account.objects.select_for_update().get(pk=grant.account_id)
        grant.settled = True
        grant.save(update_fields=["settled"])
        if sync_flags(account):
            changed += 1
        audit.record("role.expire", actor="system", subject=account.public_id, rows=[account])
        sockets.hang_up_account(account)
        role_changed.send(
            sender=RoleGrant,
            account=account,
            role=grant.role,
            bureau=grant.bureau,
            granted=False,
            grant=grant,
            by="system",
        )
    return changed


@transaction.atomic
def suspend_account(*, account: Account, by: Account | System) -> Account:
    """Close an account for the time being: sessions, sockets and jobs find nobody from now on.

    Raises ``Refused`` for the own account, ``Conflict`` for the last administrator.
    """
    return _set_active(account=account, active=False, by=by)


@transaction.atomic
def reinstate_account(*, account: Account, by: Account | System) -> Account:
    """Open a suspended account again, with the roles that have not ended."""
    return _set_active(account=account, active=True, by=by)


def _set_active(*, account: Account, active: bool, by: Account | System) -> Account:
    _may_change(by, account)
    _lock_administrators()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.is_active == active:
        return account
    if not active and policies.is_administrator(account):
        _keep_one_administrator(account)
    account.is_active = active
    account.save(update_fields=["is_active"])
    verb = "account.reinstate" if active else "account.suspend"
    audit.record(verb, actor=by, subject=account.public_id, rows=[account])
    if not active:
        # For good: reinstating must not bring a key back that somebody may still hold.
        revoke_tokens(account=account, by=by)
        sockets.hang_up_account(account)
    suspension_changed.send(sender=Account, account=account, suspended=not active)
    return account
