"""Every fetch of a campaign or a claim at an edge: hidden and absent look the same."""

from __future__ import annotations

from accounts.models import Account, Person
from core.exceptions import Absent, SignInNeeded
from crowdtasks.models import CampaignPage, Claim
from participation.access import access_engagement, access_engagement_of
from participation.models import Engagement
from participation.policies import is_officer_of


def access_campaign(public_id: str) -> Engagement:
    """A public campaign with its row, by its engagement's id. Raises Absent for other kinds."""
    engagement = access_engagement(public_id)
    if not hasattr(engagement, "campaign"):
        raise Absent
    return engagement


def access_public_campaign(
    bureau: str, slug: str, language: str
) -> tuple[CampaignPage, Engagement]:
    """The live page at ``/<language>/tasks/<bureau>/<slug>/`` and its engagement."""
    page = (
        CampaignPage.objects.live()
        .select_related("locale", "cover")
        .filter(
            locale__language_code=language,
            slug=slug,
            url_path__endswith=f"/tasks/{bureau}/{slug}/",
        )
        .first()
    )
    if page is None:
        raise Absent
    return page, access_engagement_of(page, "campaign")


def access_campaign_of_bureau(public_id: str, account: Account | None) -> Engagement:
    """A public campaign, to officers and approvers of its bureaux alone.

    Raises SignInNeeded for nobody, Absent for everybody else.
    """
    if account is None:
        raise SignInNeeded
    engagement = access_campaign(public_id)
    if not is_officer_of(account, engagement):
        raise Absent
    return engagement


def own_claim(engagement: Engagement, person: Person | None) -> Claim | None:
    """The person's newest part in a campaign, in any state; None for nobody."""
    if person is None:
        return None
    rows = Claim.objects.filter(campaign=engagement.pk, person=person).select_related(
        "contribution__receipt"
    )
    found: Claim | None = rows.order_by("-claimed_at", "-pk").first()
    return found
