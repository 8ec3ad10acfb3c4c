"""What a campaign gives for completing it: set aside at publishing, earned, the rest returned.

Points are for handing in, never for which way somebody answers: nothing of an answer is read here.
All of it happens in the transaction of the act it belongs to, so no response is without its points
and no points without their response.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Account
from core import audit, clock, ids
from crowdtasks.ledger import actions as ledger
from crowdtasks.ledger.models import Hold
from crowdtasks.models import Campaign, Claim

#: After the close and its grace nothing comes in; what was just coming in has arrived by then.
SETTLE = dt.timedelta(minutes=5)


def key_of(claim: Claim) -> str:
    """The ledger's key of what was earned by a claim: once, whatever is tried again."""
    return f"task:{claim.public_id}"


def set_aside(campaign: Campaign, by: Account | None) -> None:
    """Have the whole possible cost in the engagement's escrow; called when it is published.

    More is added from the bureau's budget. Less is possible only before the opening, when all of it
    returns and the new cost is set aside. Raises ``Invalid`` (field 'reward') for what the budget
    does not hold.
    """
    cost = campaign.reward * (campaign.places or 0)
    if cost == campaign.set_aside:
        return
    engagement, officer = campaign.engagement, by or audit.SYSTEM
    # The transaction that publishes is what happens once, not these keys.
    key = f"campaign:{engagement.public_id}:{ids.public_id()}"
    if cost > campaign.set_aside and campaign.set_aside:
        more = cost - campaign.set_aside
        ledger.top_up(engagement=engagement, points=more, by=officer, key=key)
    else:
        if campaign.set_aside:
            ledger.return_rest(engagement=engagement, by=officer, key=f"{key}:back")
        if cost:
            ledger.reserve(engagement=engagement, points=cost, by=officer, key=key)
    campaign.set_aside = cost
    campaign.save(update_fields=["set_aside"])


def give(claim: Claim) -> None:
    """Earn the reward of a claim that is being finished; held while it is looked at, or for a time.

    The caller saves ``claim.points`` with the rest of the claim.
    """
    campaign = claim.campaign
    if not campaign.reward:
        return
    held = clock.now() + dt.timedelta(days=campaign.hold_days) if campaign.hold_days else None
    ledger.earn(
        engagement=campaign.engagement,
        person=claim.person,
        points=campaign.reward,
        key=key_of(claim),
        hold_until=None if claim.flags else held,
        review=bool(claim.flags),
    )
    claim.points = campaign.reward


def is_held(claim: Claim) -> bool:
    """Whether its points wait, for a time or an officer: not yet the person's to spend."""
    return bool(claim.points) and Hold.objects.filter(entry__key=key_of(claim)).exists()


def release(claim: Claim, by: Account) -> None:
    """Let who was accepted have the points; those of an account that was closed are gone."""
    if is_held(claim):
        ledger.release(entry_key=key_of(claim), key=f"release:{key_of(claim)}", by=by)


def take_back(claim: Claim, reason: str) -> None:
    """Return held points of a part that does not count; the caller saves ``claim.points``."""
    if is_held(claim):
        ledger.take_back(
            entry_key=key_of(claim),
            key=f"back:{key_of(claim)}",
            by=audit.SYSTEM,
            reason=reason,
        )
    claim.points = 0


@transaction.atomic
def return_rest(*, campaign: Campaign) -> None:
    """After the close: what nobody earned returns to the bureau's budget. Safe to run twice.

    What is held for people stays theirs; what is taken back later goes to the budget.
    """
    row = (
        Campaign.objects.select_for_update(of=("self",))
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
    return [
        row
        for row in rows
        if row.engagement.closes_at is not None
        and row.engagement.closes_at + dt.timedelta(minutes=row.engagement.grace_minutes) + SETTLE
        <= now
    ]
