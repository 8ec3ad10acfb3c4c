"""What publishing a campaign writes: the campaign, its questions, its places."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Level
from core import audit
from core.exceptions import Invalid
from crowdtasks.actions.giving import set_aside
from crowdtasks.asked import checks_of, definition_of_pages, seconds_of
from crowdtasks.models import Campaign, CampaignPage, Place
from participation.actions.engagement import Schedule
from participation.models import Engagement
from participation.models.engagement import default_levels
from questionnaires.actions.definition import write_questionnaire

#: The kind of engagement a campaign is.
KIND = "campaign"
BATCH = 2000


def schedule_of(draft: CampaignPage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without dates."""
    opens_at, closes_at = draft.opens_at, draft.closes_at
    if opens_at is None:
        raise Invalid(_("Enter the day it opens."), field="opens_on")
    if closes_at is None:
        raise Invalid(_("Enter the last day."), field="closes_on")
    return Schedule(
        opens_at=opens_at,
        closes_at=closes_at,
        response_due=draft.response_due,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        levels={**default_levels(), "answer": int(draft.answer_level)},
        grace_minutes=0 if draft.is_poll else draft.grace_minutes,
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
        verbs=("answer",),
        rules_reason={draft.language: draft.rules_reason},
    )


@transaction.atomic
def write_campaign(
    *,
    engagement: Engagement,
    opening: Mapping[str, CampaignPage],
    source: str,
    by: Account | None,
) -> Campaign:
    """Write the rows of the versions that open; called by the desk's publishing alone.

    Raises ``Invalid`` with the page's field for questions that people's answers do not allow any
    more, for places that are taken, and for a reward that the bureau's budget does not hold.
    """
    page = opening[source]
    definition = definition_of_pages(opening, source)
    write_questionnaire(engagement=engagement, definition=definition, by=by)
    # Whoever takes a place points to it, and does not wait for this.
    standing = Campaign.objects.select_for_update(no_key=True).filter(engagement=engagement)
    campaign = standing.first() or Campaign()
    campaign.engagement = engagement
    campaign.kind = page.kind
    campaign.places = page.places
    campaign.claim_minutes = page.claim_minutes
    campaign.review = page.review_rule
    campaign.sample_percent = page.sample_percent
    campaign.after_own = page.results_after_own
    campaign.seconds = seconds_of(definition)
    campaign.checks = checks_of(page.questions)
    campaign.reward, campaign.hold_days = page.reward, page.hold_days
    campaign.save()
    _write_places(campaign)
    set_aside(campaign, by)
    audit.record(
        "campaign.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=[campaign],
    )
    return campaign


def _write_places(campaign: Campaign) -> None:
    """A row for each place; fewer are possible only while nobody has taken the others."""
    wanted = campaign.places or 0
    more = Place.objects.filter(campaign=campaign, number__gt=wanted)
    # Who is just taking one of them is waited for, and seen then.
    list(more.select_for_update().order_by("pk").values_list("pk"))
    if more.filter(claims__isnull=False).exists():
        raise Invalid(
            _("Some of these places are taken: there can be more places, but not fewer."),
            field="places",
        )
    more.delete()
    there = Place.objects.filter(campaign=campaign).count()
    Place.objects.bulk_create(
        (Place(campaign=campaign, number=number) for number in range(there + 1, wanted + 1)),
        batch_size=BATCH,
    )


def least_level(draft: CampaignPage) -> int:
    """Whoever takes a place must be somebody: nobody else can be told from the next."""
    return Level.EMAIL if draft.places else Level.ANYONE
