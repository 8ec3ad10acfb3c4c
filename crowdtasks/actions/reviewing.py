"""Deciding on a response that looked odd: accept, decline with a reason, and on an appeal."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from crowdtasks.actions.rewarding import release, take_back
from crowdtasks.models import Appeal, Claim, Review, Verdict
from crowdtasks.policies import APPEAL_DAYS, refuse_appeal, refuse_deciding
from crowdtasks.states import ClaimState
from notifications.actions import notify
from participation import live
from participation.policies import can_reply_officially, require

REASON_LIMIT = 600
APPEAL_LIMIT = 1000


@transaction.atomic
def decide_claim(
    *, claim: Claim, verdict: str, reason: str, language: str, by: Account, known: str
) -> Review:
    """Accept somebody's part, or decline it with a reason that the person reads.

    A declined one may be put before another officer once; what that one decides stands. ``known``
    is the state the officer saw. The answers are counted whatever is decided. Raises Absent or
    Refused by policy, Closed, Conflict where a colleague was first, Invalid with its field,
    TooMany.
    """
    claim = _locked(claim)
    engagement = claim.campaign.engagement
    require(can_reply_officially(by, engagement))
    limits.spend("review_task", by.public_id)
    if known != claim.state:
        raise Conflict(_("A colleague has decided on this meanwhile."), code="changed")
    refuse_deciding(claim, by)
    if verdict not in Verdict.values:
        raise Invalid(_("Choose what you decide."), field="verdict")
    reason = clean_text(
        reason, max_length=REASON_LIMIT, field="reason", required=verdict == Verdict.DECLINE
    )
    on_appeal = claim.state == ClaimState.DECLINED
    review = Review.objects.create(
        claim=claim,
        verdict=verdict,
        reason=reason,
        language=known_language(language),
        on_appeal=on_appeal,
        by=by,
        decided_by=by.person,
        at=clock.now(),
    )
    if verdict == Verdict.ACCEPT:
        claim.state = ClaimState.ACCEPTED
        release(claim, by)
    elif on_appeal:
        claim.state = ClaimState.REFUSED
        take_back(claim, reason)
    else:
        # The points wait: another officer may be asked.
        claim.state = ClaimState.DECLINED
    claim.save(update_fields=["state", "points"])
    audit.record(
        "claim.decide",
        actor=by,
        engagement_id=engagement.public_id,
        subject=claim.public_id,
        rows=[review, claim],
    )
    _tell(claim, review)
    live.turned_out(engagement)
    return review


def _locked(claim: Claim) -> Claim:
    row: Claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("campaign__engagement__owner", "contribution__receipt", "appeal")
        .get(pk=claim.pk)
    )
    return row


def _tell(claim: Claim, review: Review) -> None:
    """Tell who did it; a closed account has nobody to tell."""
    engagement = claim.campaign.engagement
    contribution = claim.contribution
    if contribution is None:
        return
    told: dict[str, object] = {
        "title": engagement.title,
        "bureau": engagement.owner.name,
        "verdict": review.verdict,
    }
    if review.reason:
        told["reason"] = review.reason
    if claim.state == ClaimState.DECLINED:
        told["until"] = review.at + dt.timedelta(days=APPEAL_DAYS)
    notify(
        kind="task-decided",
        event_key=f"task-decided:{claim.public_id}:{int(review.on_appeal)}",
        to=claim.person.accounts.filter(is_active=True),
        params=told,
        path=f"/receipts/{contribution.receipt.code}/",
    )


@transaction.atomic
def appeal_claim(*, claim: Claim, person: Person | None, text: str, language: str) -> Appeal:
    """Ask another officer to look at a declined task, once, within the stated days.

    Raises Refused for somebody else's, Closed when it is too late or was asked before, Invalid with
    its field, TooMany.
    """
    claim = _locked(claim)
    now = clock.now()
    refuse_appeal(claim, person, now)
    limits.spend("appeal_task", claim.person.public_id)
    appeal = Appeal.objects.create(
        claim=claim,
        text=clean_text(text, max_length=APPEAL_LIMIT, field="text"),
        language=known_language(language),
        at=now,
    )
    audit.record(
        "claim.appeal",
        actor=claim.person,
        engagement_id=claim.campaign.engagement.public_id,
        subject=claim.public_id,
        rows=[appeal],
    )
    return appeal


@transaction.atomic
def settle_declined(*, limit: int = 200) -> int:
    """What was declined and nobody asked about in time is declined for good; returns how many.

    Its place is free again. Safe to run twice.
    """
    late = clock.now() - dt.timedelta(days=APPEAL_DAYS)
    rows = (
        Claim.objects.filter(
            state=ClaimState.DECLINED,
            appeal__isnull=True,
            reviews__on_appeal=False,
            reviews__at__lte=late,
        )
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("campaign__engagement")
        .order_by("pk")
    )
    found = list(rows[:limit])
    for claim in found:
        claim.state = ClaimState.REFUSED
        take_back(claim, _("The response was declined."))
        claim.save(update_fields=["state", "points"])
        audit.record(
            "claim.settle_declined",
            actor=audit.SYSTEM,
            engagement_id=claim.campaign.engagement.public_id,
            subject=claim.public_id,
            rows=[claim],
        )
        live.turned_out(claim.campaign.engagement)
    return len(found)
