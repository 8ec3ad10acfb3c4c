"""When a campaign is over: what nobody earned returns to the bureau's budget."""

from __future__ import annotations

from django.db import transaction

from core import audit, clock
from crowdtasks.actions.giving import SETTLE, is_over
from crowdtasks.ledger import actions as ledger
from crowdtasks.models import Campaign


@transaction.atomic
def return_rest(*, campaign: Campaign) -> None:
    """After the close: what nobody earned returns to the bureau's budget. Safe to run twice.

    What is held for people stays theirs; what is taken back later goes to the budget.
    """
    row = (
        Campaign.objects.select_for_update(of=("self",), no_key=True)
        .select_related("engagement__owner")
        .get(pk=campaign.pk)
    )
    if row.returned_at is not None:
        return
    engagement = row.engagement
    ledger.return_rest(
        engagement=engagement, by=audit.SYSTEM, key=f"campaign:{engagement.public_id}:rest"
    )
    row.returned_at = clock.now()
    row.save(update_fields=["returned_at"])
    audit.record(
        "campaign.return_rest",
        actor=audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=[row],
    )


def to_be_returned() -> list[Campaign]:
    """Campaigns that closed, with their grace, and whose rest was not returned yet."""
    now = clock.now()
    rows = Campaign.objects.filter(
        set_aside__gt=0, returned_at=None, engagement__closes_at__lte=now - SETTLE
    ).select_related("engagement")
    return [row for row in rows if is_over(row.engagement, now)]
