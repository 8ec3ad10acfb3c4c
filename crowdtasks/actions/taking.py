"""Beginning a task and handing it in: what follows in the transactions of the questionnaire."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from accounts.models import Person
from core import audit, clock
from core.exceptions import Conflict, Refused, SignInNeeded
from crowdtasks import integrity
from crowdtasks.actions.claims import DONE_SENTENCE, FULL, claim_place, lock_claim
from crowdtasks.actions.giving import give, is_held, take_back
from crowdtasks.models import Campaign, CampaignKind, Claim, ReviewRule
from crowdtasks.states import ClaimState
from participation import live
from participation.models import Contribution, ContributionState, Engagement
from questionnaires.models import Draft, Response


def campaign_of(engagement: Engagement) -> Campaign:
    """The campaign of an engagement, with the engagement."""
    campaign = Campaign.objects.get(engagement=engagement)
    campaign.engagement = engagement
    return campaign


def begin_task(draft: Draft) -> None:
    """Take a place for whoever begins a survey that has places; a poll takes one when it is sent.

    Raises SignInNeeded for nobody, Conflict when all places are taken or it was done already.
    """
    campaign = campaign_of(draft.questionnaire.engagement)
    if campaign.places is None or campaign.kind == CampaignKind.POLL:
        return
    if draft.person is None:
        raise SignInNeeded
    claim_place(campaign=campaign, person=draft.person)


def receive_task(response: Response, draft: Draft | None) -> None:
    """Count a new response as somebody's part in the campaign; what looks odd goes to review.

    Who let the time of a place run out keeps it where nobody has taken it, or gets another. Raises
    Conflict where there is none (the answers stay in their draft), Refused for a draft that
    somebody else began a place with.
    """
    campaign = campaign_of(response.questionnaire.engagement)
    person = response.person
    if person is None:
        return
    if campaign.places is not None and draft is not None:
        _refuse_anothers(draft, person)
    claim = _claim_for(campaign, person)
    now = clock.now()
    timed = draft is not None and campaign.kind == CampaignKind.SURVEY
    claim.seconds = int((now - response.begun_at).total_seconds()) if timed else None
    claim.flags = integrity.flags_of(campaign, response, claim.seconds) + _looked_at(campaign)
    claim.state = ClaimState.REVIEW if claim.flags else ClaimState.ACCEPTED
    claim.finished_at = now
    claim.contribution = response.contribution
    give(claim)
    claim.save()
    audit.record(
        "claim.finish",
        actor=person,
        engagement_id=campaign.engagement.public_id,
        subject=claim.public_id,
        rows=[claim],
    )
    live.turned_out(campaign.engagement)


def _refuse_anothers(draft: Draft, person: Person) -> None:
    if draft.person_id not in {None, person.pk}:
        raise Refused(
            _(
                "These answers were begun with somebody else’s place. Sign in as who began them, "
                "or delete them and begin anew."
            ),
            code="not_your_place",
        )


def _claim_for(campaign: Campaign, person: Person) -> Claim:
    """The claim this response finishes: the one that was taken, or one made now."""
    if campaign.places is None:
        if lock_claim(campaign, person) is not None:
            raise Conflict(DONE_SENTENCE, code="done_already")
        return Claim(campaign=campaign, person=person, claimed_at=clock.now())
    try:
        return claim_place(campaign=campaign, person=person)
    except Conflict as error:
        if error.code != FULL or campaign.kind == CampaignKind.POLL:
            raise
        raise Conflict(
            _(
                "Your place was held for a time only, and meanwhile all places were taken. Your "
                "answers are kept here: send them again later, should a place come free."
            ),
            code=FULL,
        ) from error


def _looked_at(campaign: Campaign) -> list[str]:
    """Why an officer looks at it whatever it is like."""
    if campaign.review == ReviewRule.ALL:
        return [integrity.RULE]
    if campaign.review == ReviewRule.SAMPLE and secrets.randbelow(100) < campaign.sample_percent:
        return [integrity.SAMPLE]
    return []


def follow_entry(contribution: Contribution) -> None:
    """End the part of whoever withdrew the response; called in the transaction that withdrew it.

    The place is free again, and the person may take one anew, but where an officer has declined
    it: then that stands for good. Points that wait are taken back;
    where they are the person's already the task stays done, and its place with it.
    """
    if contribution.state != ContributionState.WITHDRAWN:
        return
    claim: Claim | None = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("campaign__engagement")
        .filter(contribution=contribution)
        .exclude(state=ClaimState.WITHDRAWN)
        .first()
    )
    if claim is None or (claim.points and not is_held(claim)):
        return
    take_back(claim, _("The response was withdrawn."))
    # Withdrawing does not undo what an officer decided: it could be done again as if never seen.
    declined = claim.state in {ClaimState.DECLINED, ClaimState.REFUSED}
    claim.state = ClaimState.REFUSED if declined else ClaimState.WITHDRAWN
    claim.save(update_fields=["state", "points"])
    audit.record(
        "claim.withdraw",
        actor=contribution.person or audit.SYSTEM,
        engagement_id=contribution.engagement.public_id,
        subject=claim.public_id,
        rows=[claim],
    )
    live.turned_out(contribution.engagement)
