"""The API's products: builds, rounds and their figures, under the seals of the pages."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from accounts.api_auth import caller_of
from core import clock, limits
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from crowdtasks.products.access import access_product, access_round, steps_of
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.figures import Figures, figures_of
from crowdtasks.products.listing import public_products
from crowdtasks.products.measures import Interval
from crowdtasks.products.models import Build, Round
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.rounds import rounds_of, tried_by_round
from participation.models import Engagement
from participation.policies import can_see_results, require
from participation.stages import stage

router = Router(tags=["products"])


class BuildOut(Schema):
    """One state of a product. ``sha256`` is of its file, where it is one."""

    id: str
    version: str
    released_on: str | None
    link: str | None
    sha256: str | None
    size: int | None
    to_try: Texts
    known_issues: Texts
    changes: Texts


class ProductOut(Schema):
    """A product; ``build`` is the newest version, null before the first."""

    id: str
    title: Texts
    summary: Texts
    bureau: str
    build: str | None
    pages: Texts


class RoundLineOut(Schema):
    """A round in the list of its product: ``tried`` by so many."""

    id: str
    title: Texts
    build: str
    state: str
    opens_at: str | None
    closes_at: str | None
    tried: int
    pages: Texts


class WholeProductOut(ProductOut):
    """The same with all builds and rounds, the newest first."""

    builds: list[BuildOut]
    rounds: list[RoundLineOut]


class StepOut(Schema):
    """One thing to do with the build."""

    number: int
    title: Texts
    task: Texts


class RoundOut(RoundLineOut):
    """A round. ``reward`` is in points, the same whatever is said; ``rewards_left`` is null where
    there is none."""

    product: str
    summary: Texts
    bureau: str
    steps: list[StepOut]
    reward: int
    rewards_left: int | None
    hold_days: int


class MeasureOut(Schema):
    """An estimate from ``n`` observations with its interval of 95 per cent; the ends are null where
    too few were seen."""

    value: float
    low: float | None
    high: float | None
    n: int


class StepFiguresOut(Schema):
    """One step: the share who did it, typical seconds, ease from 1 to 7."""

    number: int
    title: Texts
    success: MeasureOut | None
    with_trouble: int
    seconds: MeasureOut | None
    ease: MeasureOut | None


class RoundFiguresOut(Schema):
    """``steps`` is empty until enough have tried it; ``sus`` is the System Usability Scale, 0 to
    100."""

    round: str
    build: str
    tried: int
    steps: list[StepFiguresOut]
    sus: MeasureOut | None


class ClaimIn(Schema):
    """A claim code as the receipt shows it. Spaces, hyphens and look-alike letters are forgiven."""

    code: str = Field(max_length=200)


class ClaimedOut(Schema):
    """``state`` is accepted, or review where an officer looks at the try first and the points are
    held for that."""

    round: str
    title: Texts
    state: Literal["accepted", "review"]
    points: int


@router.get("/products", response={200: Listed[ProductOut], **READING}, url_name="products")
def product_list(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """What bureaux make and let people try, the newest first."""

    def show(rows: list[Engagement]) -> list[dict[str, Any]]:
        builds = Build.objects.standing().filter(product__in=[row.pk for row in rows])
        newest: dict[int, str] = {}
        for build in builds:
            newest.setdefault(build.product_id, build.version)
        return [_product(row, newest.get(row.pk)) for row in rows]

    rows = public_products().select_related("owner").order_by("-opens_at", "public_id")
    return listed(request, rows, query, show)


@router.get("/products/{public_id}", response={200: WholeProductOut, **READING}, url_name="product")
def product(request: HttpRequest, public_id: str) -> HttpResponse:
    """One product with its builds and rounds."""
    engagement = access_product(_known(public_id))
    standing = Build.objects.standing().filter(product=engagement.pk)
    builds = list(standing.select_related("document"))
    return answer(
        {
            **_product(engagement, builds[0].version if builds else None),
            "builds": [_build(row) for row in builds],
            "rounds": [
                _round(one.engagement, one.version, one.tried)
                for one in rounds_of(engagement, clock.now(), "en")
            ],
        }
    )


@router.get("/rounds/{public_id}", response={200: RoundOut, **READING}, url_name="round")
def round_(request: HttpRequest, public_id: str) -> HttpResponse:
    """One round: what is tried, and what trying it gives."""
    row = access_round(_known(public_id))
    return answer(
        {
            **_round(row.engagement, row.build.version, tried_by_round([row.pk]).get(row.pk, 0)),
            "product": row.build.product.engagement.public_id,
            "summary": texts(row.engagement.summary),
            "bureau": row.engagement.owner.slug,
            "steps": [
                {"number": number, "title": texts(step.title), "task": texts(step.task)}
                for number, step in enumerate(steps_of(row), start=1)
            ],
            "reward": row.reward,
            "rewards_left": rewards_left(row),
            "hold_days": row.hold_days,
        }
    )


@router.get(
    "/rounds/{public_id}/figures",
    response={200: RoundFiguresOut, **READING},
    url_name="round-figures",
)
def round_figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """How each step went; sealed (403) until the round's results are seen."""
    row = access_round(_known(public_id))
    require(can_see_results(engagement=row.engagement, now=clock.now()))
    return answer(_figures(row, figures_of(row)))


@router.post("/claims", response={201: ClaimedOut, **WRITING}, url_name="claims")
def claim(request: HttpRequest, body: ClaimIn) -> HttpResponse:
    """Have the points of a try with its claim code. Refused (422) with 'form', 'unknown', 'used',
    'late', 'withdrawn', 'none_left', or 'once' where one had the points of the round before."""
    _account, person = caller_of(request).require()
    award = claim_reward(code=body.code, person=person, source=limits.address(request))
    return answer(
        {
            "round": award.round.engagement.public_id,
            "title": texts(award.round.engagement.title),
            "state": award.state,
            "points": award.points,
        },
        status=201,
    )


def _known(public_id: str) -> str:
    if not is_public_id(public_id):
        raise Absent
    return public_id


def _product(row: Engagement, version: str | None) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": texts(row.title),
        "summary": texts(row.summary),
        "bureau": row.owner.slug,
        "build": version,
        "pages": texts(row.paths),
    }


def _build(row: Build) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "version": row.version,
        "released_on": row.released_on.isoformat() if row.released_on else None,
        "link": row.link or None,
        "sha256": row.fingerprint or None,
        "size": row.size if row.fingerprint else None,
        "to_try": texts(row.to_try),
        "known_issues": texts(row.known_issues),
        "changes": texts(row.changes),
    }


def _round(row: Engagement, version: str, tried: int) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": texts(row.title),
        "build": version,
        "state": stage(row, clock.now()).value,
        "opens_at": moment(row.opens_at),
        "closes_at": moment(row.closes_at),
        "tried": tried,
        "pages": texts(row.paths),
    }


def _measure(found: Interval | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n}


def _figures(row: Round, figures: Figures) -> dict[str, Any]:
    steps = figures.steps if figures.enough else []
    return {
        "round": row.engagement.public_id,
        "build": row.build.version,
        "tried": figures.tried,
        "steps": [
            {
                "number": number,
                "title": texts(one.step.title),
                "success": _measure(one.success),
                "with_trouble": one.seen.with_trouble,
                "seconds": _measure(one.time),
                "ease": _measure(one.ease),
            }
            for number, one in enumerate(steps, start=1)
        ],
        "sus": _measure(figures.usability),
    }
