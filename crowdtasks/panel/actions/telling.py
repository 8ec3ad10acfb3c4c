"""What volunteers are told about invitations, in the transaction that makes or ends them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import Account
from crowdtasks.panel.models import Invitation
from notifications.actions import notify


def tell_invited(invitations: Iterable[Invitation]) -> None:
    """That they were drawn, until when they may answer, and where. All are of one draw."""
    rows = list(invitations)
    if not rows:
        return
    draw = rows[0].draw
    engagement = draw.plan.round.engagement
    accounts = Account.objects.filter(
        person__in=[row.person_id for row in rows],
        is_active=True,
        email_confirmed_at__isnull=False,
    )
    notify(
        kind="round-invited",
        event_key=f"round-invited:{draw.public_id}",
        to=accounts,
        params={
            "title": engagement.title,
            "bureau": engagement.owner.name,
            "until": rows[0].expires_at,
        },
        path=reverse("panel:invitation", args=[engagement.public_id]),
    )
