"""Every fetch of a finding, or of what findings are of: hidden and absent look the same."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account, Person
from accounts.persons import all_of
from core.exceptions import Absent, SignInNeeded
from core.ids import is_public_id
from crowdtasks.findings.models import Finding
from crowdtasks.findings.policies import can_triage
from crowdtasks.findings.querysets import FindingQuerySet
from crowdtasks.products.models import Product, Round
from participation.access import access_engagement
from participation.models import Engagement


@dataclass(frozen=True)
class Place:
    """What a finding is reported of: a round with its product, or a product."""

    engagement: Engagement
    round: Round | None
    product: Product


def access_place(public_id: str) -> Place:
    """A public round or product. Raises Absent for anything else."""
    if not is_public_id(public_id):
        raise Absent
    engagement = access_engagement(public_id)
    if engagement.kind == "round":
        row = (
            Round.objects.select_related("build__product__engagement__owner")
            .filter(engagement=engagement)
            .first()
        )
        if row is not None:
            row.engagement = engagement
            return Place(engagement, row, row.build.product)
    elif engagement.kind == "product":
        product = Product.objects.filter(engagement=engagement).first()
        if product is not None:
            product.engagement = engagement
            return Place(engagement, None, product)
    raise Absent


def access_board(public_id: str, account: Account | None) -> Place:
    """The same, to officers and approvers of its bureaux alone.

    Raises SignInNeeded for nobody, Absent for everybody else.
    """
    if account is None:
        raise SignInNeeded
    place = access_place(public_id)
    if not can_triage(account, place.product.engagement).allowed:
        raise Absent
    return place


def access_finding_of_bureau(
    public_id: str, finding_id: str, account: Account | None
) -> tuple[Place, Finding]:
    """A finding the bureau may read, merged or not. Raises SignInNeeded, Absent."""
    place = access_board(public_id, account)
    rows = Finding.objects.read().whole().select_related("lead__contribution", "merged_into")
    row = (
        rows.filter(product=place.product.pk, contribution__public_id=finding_id).first()
        if is_public_id(finding_id)
        else None
    )
    if row is None or (place.round is not None and row.engagement_id != place.engagement.pk):
        raise Absent
    row.product = place.product
    return place, row


def findings_of(person: Person) -> FindingQuerySet:
    """A person's own, in any state, the newest first; those the person was merged with too."""
    rows: FindingQuerySet = (
        Finding.objects.of(all_of(person))
        .filter(engagement__state="published")
        .whole()
        .select_related("lead__mended_in", "product__engagement")
    )
    return rows.order_by("-received_at", "-pk")
