"""The API's findings: what the public pages say, for other programs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from core.api import READING, Listed, PageQuery, Texts, answer, listed, moment, texts
from crowdtasks.findings.access import access_place
from crowdtasks.findings.models import Finding
from crowdtasks.findings.reading import figures_of, of_engagement, others_of

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
