"""Who may read a report. When its results are open is ``participation.policies``' to say."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import Account, Bureau, Role, RoleGrant
from accounts.policies import is_live
from core import clock
from participation.models import Engagement

#: Officers and approvers of the owner and of each partner read its report.
READERS = (Role.OFFICER, Role.APPROVER)


def bodies_of(engagement: Engagement) -> QuerySet[Bureau]:
    """The owner and the partners."""
    return Bureau.objects.filter(
        Q(pk=engagement.owner_id) | Q(partnered_engagements=engagement)
    ).distinct()


def reading_for(
    account: Account | None, engagement: Engagement, now: dt.datetime | None = None
) -> Bureau | None:
    """The body for which the account reads this report now: the owner first; None if for none.

    One query whatever the number of partners.
    """
    if account is None or not is_live(account):
        return None
    grant = (
        RoleGrant.objects.filter(account=account, role__in=READERS)
        .in_force(now or clock.now())
        .filter(Q(bureau=engagement.owner_id) | Q(bureau__in=engagement.partners.values("pk")))
        .select_related("bureau")
        .order_by("pk")
    )
    found = [one.bureau for one in grant if one.bureau is not None]
    own = [one for one in found if one.pk == engagement.owner_id]
    return next(iter(own or found), None)


def readers_of(engagement: Engagement) -> QuerySet[Account]:
    """Everybody the report is delivered to: officers and approvers of owner and partners, now."""
    grants = RoleGrant.objects.filter(
        role__in=READERS, bureau__in=bodies_of(engagement).values("pk")
    ).in_force(clock.now())
    return Account.objects.filter(pk__in=grants.values("account_id"), is_active=True).order_by("pk")
