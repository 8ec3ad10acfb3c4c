"""Reads of what reports are of."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Account, Role, RoleGrant
from accounts.policies import has_role, is_live
from core import clock
from participation.models import Engagement


def own_engagements(account: Account | None) -> QuerySet[Engagement] | None:
    """Published engagements whose reports the account reads, newest close first.

    None for who is no officer of any body and no administrator: for them there is no list.
    """
    if account is None or not is_live(account):
        return None
    rows = (
        Engagement.objects.filter(published_at__isnull=False)
        .exclude(state="draft")
        .select_related("owner", "outcome")
        .order_by("-closes_at", "-pk")
    )
    bodies = [
        pk
        for pk in RoleGrant.objects.filter(account=account, role__in=[Role.OFFICER, Role.APPROVER])
        .in_force(clock.now())
        .values_list("bureau", flat=True)
        if pk is not None
    ]
    if bodies:
        return rows.filter(
            Q(owner__in=bodies)
            | Q(
                pk__in=Engagement.partners.through.objects.filter(bureau__in=bodies).values(
                    "engagement"
                )
            )
        )
    return rows if has_role(account, Role.ADMINISTRATOR) else None
