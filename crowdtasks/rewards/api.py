"""The API's rewards: the catalogue, and what one redeemed, never with a code."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from accounts.api_auth import caller_of
from core import clock
from core.api import READING, Listed, PageQuery, Texts, answer, listed, moment, texts
from crowdtasks.rewards.access import access_own_redemption, access_reward
from crowdtasks.rewards.models import Redemption, Reward

router = Router(tags=["rewards"])
Kind = Literal["voucher", "prize"]
State = Literal["waiting", "given", "reserved", "ready", "collected", "expired", "refunded"]


class RewardOut(Schema):
    """A reward of the catalogue. ``left``: how many there are now; ``per_person``: null, no limit.

    ``closes_at`` is exclusive, null until it is taken out. ``address`` is the page where it can be
    redeemed: that is done on the page alone.
    """

    id: str
    kind: Kind
    bureau: str
    name: Texts
    summary: Texts
    terms: Texts
    collect_at: Texts
    points: int
    per_person: int | None
    left: int
    opens_at: str
    closes_at: str | None
    address: str


class RedemptionOut(Schema):
    """What was redeemed. Its code, or the collection code of a prize, stands on its page alone."""

    id: str
    reward: str
    name: Texts
    points: int
    state: State
    redeemed_at: str
    collect_by: str | None
    collected_at: str | None
    points_returned: bool
    address: str


class RewardQuery(PageQuery):
    """``kind`` narrows to one; ``points`` to what costs no more."""

    kind: Kind | None = None
    points: int | None = Field(None, ge=1)


@router.get("/rewards", response={200: Listed[RewardOut], **READING}, url_name="rewards")
def rewards(request: HttpRequest, query: Query[RewardQuery]) -> HttpResponse:
    """What is offered now, the fewest points first."""
    rows = Reward.objects.offered(clock.now()).with_left().select_related("bureau")
    if query.kind is not None:
        rows = rows.filter(kind=query.kind)
    if query.points is not None:
        rows = rows.filter(points__lte=query.points)
    return listed(request, rows.order_by("points", "pk"), query, lambda found: map(_reward, found))


@router.get("/rewards/{public_id}", response={200: RewardOut, **READING}, url_name="reward")
def reward(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of them."""
    return answer(_reward(access_reward(public_id)))


@router.get(
    "/redemptions", response={200: Listed[RedemptionOut], **READING}, url_name="redemptions"
)
def redemptions(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """What one redeemed, the newest first."""
    _account, person = caller_of(request).require()
    rows = Redemption.objects.of(person)
    return listed(request, rows, query, lambda found: map(_redemption, found))


@router.get(
    "/redemptions/{public_id}", response={200: RedemptionOut, **READING}, url_name="redemption"
)
def redemption(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of them; anybody else's is not found."""
    _account, person = caller_of(request).require()
    return answer(_redemption(access_own_redemption(public_id, person=person)))


def _page(name: str, public_id: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'rewards:{name}', args=[public_id])}"


def _reward(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "kind": row.kind,
        "bureau": row.bureau.slug,
        "name": texts(row.name),
        "summary": texts(row.summary),
        "terms": texts(row.terms),
        "collect_at": texts(row.collect_at),
        "points": row.points,
        "per_person": row.per_person,
        "left": row.left,
        "opens_at": moment(row.opens_at),
        "closes_at": moment(row.closes_at),
        "address": _page("reward", row.public_id),
    }


def _redemption(row: Redemption) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "reward": row.reward.public_id,
        "name": texts(row.reward.name),
        "points": row.points,
        "state": row.state,
        "redeemed_at": moment(row.at),
        "collect_by": moment(row.collect_by),
        "collected_at": moment(row.collected_at),
        "points_returned": row.points_back,
        "address": _page("redemption", row.public_id),
    }
