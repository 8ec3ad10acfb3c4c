"""The API's findings: what the public pages say and take, for other programs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Header, Query, Router, Schema

from accounts.api_auth import caller_of
from core import limits
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from core.texts import known_language
from crowdtasks.findings.access import Place, access_place
from crowdtasks.findings.actions.reporting import TEXT_LIMIT, report_finding
from crowdtasks.findings.device import LIMIT as DEVICE_LIMIT
from crowdtasks.findings.models import Finding
from crowdtasks.findings.reading import figures_of, of_engagement, others_of
from crowdtasks.products.models import Build
from participation.api import NOBODYS_KEY_WORDS, ReceiptOut, idempotency_key, show_receipt
from participation.models import Channel, PublishChoice

router = Router(tags=["findings"])


class MendedOut(Schema):
    """How many findings a build has mended."""

    build: str
    findings: int


class FindingFiguresOut(Schema):
    """``reported`` counts everything received that stands, ``distinct`` merged ones once; states
    and severities are of distinct ones."""

    reported: int
    distinct: int
    states: dict[str, int]
    severities: dict[str, int]
    mended: list[MendedOut]


class FindingOut(Schema):
    """A public finding that the bureau has looked at. ``build`` is where it was found,
    ``mended_in`` the version that mends it, public already where ``shipped``; ``reported_by``
    counts everybody who reported the same."""

    id: str
    engagement: str
    build: str | None
    step: Texts | None
    severity: Literal["stopped", "hard", "hindered", "small"]
    state: Literal["confirmed", "planned", "mended", "declined"]
    happened: str
    expected: str | None
    language: str
    reason: str | None
    mended_in: str | None
    shipped: bool
    reported_by: int
    received_at: str


class FindingQuery(PageQuery):
    """``state``: of one column alone."""

    state: Literal["confirmed", "planned", "mended", "declined"] | None = None


@router.get(
    "/products/{public_id}/findings/figures",
    response={200: FindingFiguresOut, **READING},
    url_name="finding-figures",
)
def figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """How many findings a product has, or one of its rounds, and what became of them."""
    found = figures_of(access_place(public_id).engagement)
    return answer(
        {
            "reported": found.reported,
            "distinct": found.distinct,
            "states": found.by_state,
            "severities": found.by_severity,
            "mended": [{"build": build, "findings": number} for build, number in found.mended],
        }
    )


@router.get(
    "/products/{public_id}/findings",
    response={200: Listed[FindingOut], **READING},
    url_name="findings",
)
def findings(request: HttpRequest, public_id: str, query: Query[FindingQuery]) -> HttpResponse:
    """The public findings of a product, or of one of its rounds, the last looked at first."""
    rows = of_engagement(access_place(public_id).engagement).told().whole()
    if query.state:
        rows = rows.filter(state=query.state)
    return listed(request, rows.order_by("-changed_at", "-pk"), query, _show)


class FindingIn(Schema):
    """A problem with a build. ``step`` is its number in a round, from 1; ``build`` the id of one of
    a product's builds, and of a round it is the round's own. ``publish``: without a name, or to
    the bureau only."""

    happened: str = Field(max_length=2 * TEXT_LIMIT)
    expected: str = Field("", max_length=2 * TEXT_LIMIT)
    severity: Literal["stopped", "hard", "hindered", "small"]
    step: int | None = Field(None, ge=1)
    build: str | None = None
    device: str = Field("", max_length=2 * DEVICE_LIMIT)
    publish: Literal["alias", "confidential"] = "confidential"
    language: Literal["en", "zh-hant", "zh-hans"] | None = None


@router.post(
    "/products/{public_id}/findings", response={201: ReceiptOut, **WRITING}, url_name="findings"
)
def report(
    request: HttpRequest,
    public_id: str,
    body: FindingIn,
    key: str | None = Header(None, alias="Idempotency-Key", description=NOBODYS_KEY_WORDS),
) -> HttpResponse:
    """Report a problem with a product, or in one of its rounds (then with the round's id).

    Without signing in where its page takes that. The same ``Idempotency-Key`` and problem again
    give the same receipt, also after the close and once the build was taken back or the step is
    gone. Pictures are added on the page alone.
    """
    caller = caller_of(request)
    place = access_place(public_id)
    receipt = report_finding(
        round=place.round,
        product=None if place.round else place.product,
        happened=body.happened,
        expected=body.expected,
        severity=body.severity,
        device=body.device,
        build=_build(place, body.build),
        step=body.step,
        person=caller.person,
        account=caller.account,
        publish_choice=PublishChoice(body.publish),
        language=body.language or known_language(get_language()),
        channel=Channel.API,
        idempotency_key=idempotency_key(key, caller),
        source=limits.address(request),
    )
    return answer(show_receipt(receipt, caller), status=201)


def _build(place: Place, asked: str | None) -> Build | None:
    """One of the product's builds, also one that was taken back: what was reported in it before is
    reported once. Raises Absent for another."""
    if asked is None or place.round is not None:
        return None
    if not is_public_id(asked):
        raise Absent
    row = Build.objects.filter(product=place.product, public_id=asked).first()
    if row is None:
        raise Absent
    return row


def _show(rows: list[Finding]) -> list[dict[str, Any]]:
    others = others_of(rows)
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.engagement.public_id,
            "build": row.build.version if row.build else None,
            "step": texts(row.step.title) if row.step else None,
            "severity": row.severity,
            "state": row.state,
            "happened": row.happened,
            "expected": row.expected or None,
            "language": row.contribution.language,
            "reason": row.reason or None,
            "mended_in": row.mended_version or None,
            "shipped": row.mended_in_id is not None,
            "reported_by": 1 + others.get(row.pk, 0),
            "received_at": moment(row.received_at),
        }
        for row in rows
    ]
