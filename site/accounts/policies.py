"""Who may do what among people: named predicates, read in ten seconds (decision 4).

Roles are rows with a beginning and an end, so every predicate asks the clock. Nothing here is
kept between requests: a revoked role or a suspended account is felt by the next one.
"""

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import Account, Bureau, Role, RoleGrant
from accounts.querysets import RoleGrantQuerySet
from core import clock
from core.exceptions import Refused, SignInNeeded

#: Who works in the CMS; moderators have the queue at /<language>/moderation/ instead.
CMS_ROLES = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR})


def is_live(account: Account | None) -> bool:
    """Whether this is an account that may act at all: signed in and not suspended."""
    return account is not None and account.is_authenticated and account.is_active


def grants_of(account: Account | None, now: dt.datetime | None = None) -> RoleGrantQuerySet:
    """The grants of an account in force now; none for nobody and for suspended accounts."""
    if account is None or not is_live(account):
        return RoleGrant.objects.none()
    return RoleGrant.objects.filter(account=account).in_force(now or clock.now())


def has_role(
    account: Account | None,
    role: str,
    bureau: Bureau | None = None,
    now: dt.datetime | None = None,
) -> bool:
    """Whether the account holds the role now, for this very body where one is named.

    A grant without a body holds for every body. Without ``bureau`` any grant of the role counts.
    Raises ValueError for a role nobody has heard of (decision 4).
    """
    wanted = Role(role)
    return grants_of(account, now).filter(role=wanted).covering(bureau).exists()


def roles_of(account: Account | None, now: dt.datetime | None = None) -> frozenset[str]:
    """The roles the account holds now, whatever the body: for pages that ask about several."""
    return frozenset(grants_of(account, now).values_list("role", flat=True))


def bureaux_for(
    account: Account | None, role: str, now: dt.datetime | None = None
) -> QuerySet[Bureau]:
    """The bodies for which the account holds the role now; all of them for a platform grant."""
    grants = list(grants_of(account, now).filter(role=Role(role)).values_list("bureau_id"))
    if (None,) in grants:
        return Bureau.objects.all()
    return Bureau.objects.filter(pk__in=[pk for (pk,) in grants])


def accounts_with(
    role: str, bureau: Bureau | None = None, now: dt.datetime | None = None
) -> QuerySet[Account]:
    """Live accounts that hold the role now, for this body or the platform; for notices to staff."""
    grants = RoleGrant.objects.filter(role=Role(role)).in_force(now or clock.now())
    return Account.objects.filter(
        pk__in=grants.covering(bureau).values("account_id"), is_active=True
    ).order_by("pk")


def with_any_role(now: dt.datetime | None = None) -> QuerySet[Account]:
    """Accounts that hold any role now."""
    grants = RoleGrant.objects.in_force(now or clock.now())
    return Account.objects.filter(pk__in=grants.values("account_id"), is_active=True)


def is_administrator(account: Account | None, now: dt.datetime | None = None) -> bool:
    """Whether the account runs the platform now."""
    return has_role(account, Role.ADMINISTRATOR, now=now)


def can_enter_cms(account: Account | None, now: dt.datetime | None = None) -> bool:
    """Whether /cms/ opens for the account: officers, approvers and administrators."""
    return grants_of(account, now).filter(role__in=CMS_ROLES).exists()


def can_manage_people(account: Account | None, now: dt.datetime | None = None) -> bool:
    """Finding accounts, roles, invitations, suspensions: administrators only."""
    return is_administrator(account, now)


def can_invite(
    by: Account | None, role: str, bureau: Bureau | None, now: dt.datetime | None = None
) -> bool:
    """Administrators anybody; officers those who judge for their own body, and nobody else."""
    if can_manage_people(by, now):
        return True
    return role == Role.JUROR and bureau is not None and has_role(by, Role.OFFICER, bureau, now)


def can_change_roles_of(by: Account | None, account: Account) -> bool:
    """Administrators, and never their own: nobody lifts themselves up.

    Only administrators grant anything, so nobody can give more than they hold themselves.
    """
    return by is not None and by.pk != account.pk and can_manage_people(by)


def holds_roles(account: Account, now: dt.datetime | None = None) -> bool:
    """Whether any role is in force or still to begin, also of a suspended account."""
    moment = now or clock.now()
    return RoleGrant.objects.filter(account=account).not_ended(moment).exists()


def other_administrators(account: Account, now: dt.datetime | None = None) -> QuerySet[RoleGrant]:
    """Grants in force, without a foreseen end, that keep the platform run without ``account``."""
    return (
        RoleGrant.objects.filter(role=Role.ADMINISTRATOR, account__is_active=True)
        .in_force(now or clock.now())
        .filter(Q(until__isnull=True))
        .exclude(account=account)
    )


def require_inviter(by: Account | str | None, role: str, bureau: Bureau | None) -> None:
    """Let who may invite to this role pass, and the system; else ``SignInNeeded``, ``Refused``."""
    if isinstance(by, Account) and can_invite(by, role, bureau):
        return
    require_people_manager(by)


def require_people_manager(by: Account | str | None) -> None:
    """Let administrators and the system itself pass; raise ``SignInNeeded`` or ``Refused``."""
    if by == "system":
        return
    if by is None or isinstance(by, str):
        raise SignInNeeded
    if not can_manage_people(by):
        raise Refused
