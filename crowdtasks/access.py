"""Every fetch of a campaign or a claim at an edge: hidden and absent look the same."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Account, Person
from accounts.persons import all_of
from core.exceptions import Absent, SignInNeeded
from core.ids import is_public_id
from crowdtasks.models import CampaignPage, Claim, Part
from crowdtasks.states import FINISHED, ClaimState
from participation.access import access_engagement, access_engagement_of
from participation.models import Engagement
from participation.policies import is_officer_of
from questionnaires.models import Response


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
    rows = Claim.objects.filter(campaign=engagement.pk, person=person)
    found: Claim | None = _whole(rows).order_by("-claimed_at", "-pk").first()
    return found


def claims_of(person: Person) -> QuerySet[Claim]:
    """A person's parts in public campaigns, in any state, the newest first."""
    rows = Claim.objects.filter(person__in=all_of(person), campaign__engagement__state="published")
    return rows.select_related("campaign__engagement", "contribution__receipt").order_by(
        "-claimed_at", "-pk"
    )


def _whole(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """With the response's receipt, what was decided and what was said to it."""
    return rows.select_related(
        "campaign", "contribution__receipt", "appeal", "person"
    ).prefetch_related("reviews")


def waiting_claims(engagement: Engagement) -> QuerySet[Claim]:
    """What officers of this campaign have to decide, the oldest first."""
    waits = Q(state=ClaimState.REVIEW) | Q(state=ClaimState.DECLINED, appeal__isnull=False)
    rows = Claim.objects.filter(waits, campaign=engagement.pk)
    return _whole(rows).order_by("finished_at", "pk")


def access_claim_of_bureau(
    public_id: str, claim_id: str, account: Account | None
) -> tuple[Engagement, Claim]:
    """A response handed in to a campaign of the officer's bureaux, decided or not.

    Raises SignInNeeded for nobody, Absent for everybody else and for what was withdrawn.
    """
    engagement = access_campaign_of_bureau(public_id, account)
    rows = Claim.objects.filter(campaign=engagement.pk, state__in=FINISHED).exclude(
        state=ClaimState.WITHDRAWN
    )
    claim = _whole(rows).filter(public_id=claim_id).first() if is_public_id(claim_id) else None
    if claim is None:
        raise Absent
    claim.campaign.engagement = engagement
    return engagement, claim


def access_response_of(claim: Part) -> Response:
    """What was answered, of a claim that was accessed. Raises Absent where nothing was."""
    row = (
        Response.objects.select_related("questionnaire", "contribution__person")
        .filter(contribution=claim.contribution_id)
        .first()
    )
    if row is None:
        raise Absent
    return row
