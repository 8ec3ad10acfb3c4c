"""A round as everybody reads it: what is tried, by how many, and what was learned."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import clock, page_cache
from core.exceptions import Absent
from core.texts import known_language, pick
from crowdtasks.products import audience, hooks
from crowdtasks.products.access import access_round, steps_of
from crowdtasks.products.asked import definition_of_page
from crowdtasks.products.claim_codes import claim_until
from crowdtasks.products.models import Round, RoundPage, Step, WhoTries
from crowdtasks.products.qr import svg_of
from crowdtasks.products.rewards_left import rewards_left
from crowdtasks.products.rounds import RoundCard, next_of, rounds_of, tried_by_round
from crowdtasks.products.scale import without
from crowdtasks.products.views.shared import crumbs
from crowdtasks.views.keeping import soon
from participation import faces, live
from participation.access import access_engagement_of
from participation.models import Engagement
from participation.policies import can, can_see_results
from participation.querysets import CLOSING_SOON
from participation.stages import Stage, midnight_after, published_outcome, stage
from participation.views.shared import about
from questionnaires import flow

_PREVIEW_STAGES = {
    "open": Stage.OPEN,
    "upcoming": Stage.UPCOMING,
    "closed": Stage.OUTCOME_DUE,
    "outcome": Stage.OUTCOME_PUBLISHED,
}
#: How long a code may be kept: its address never changes.
SECONDS = 24 * 60 * 60


def round_page(request: HttpRequest, page: RoundPage, mode: str = "") -> HttpResponse:
    """The public page, or (``mode``) a draft as it will look at a later stage."""
    if mode:
        engagement = page.engagement or Engagement(title={}, summary={}, owner=page.bureau)
        return render(request, "products/round.html", _preview(page, engagement, mode))
    return public_round(request, page, access_engagement_of(page, "round"))


def public_round(request: HttpRequest, page: RoundPage, engagement: Engagement) -> HttpResponse:
    """The page as it is kept for everybody."""
    now = clock.now()
    row = access_round(engagement.public_id)
    product = row.build.product.engagement
    moments = [midnight_after(now), *filter(None, (engagement.opens_at, engagement.closes_at))]
    tags = [live.tag(engagement), live.tag(product)]
    rounds: list[RoundCard] = []
    if stage(engagement, now).is_past:
        # Whoever comes too late is led to the next one.
        rounds = rounds_of(product, now, known_language(get_language()))
        tags += [live.tag(one.engagement) for one in rounds]
        for one in rounds:
            moments += filter(None, (one.engagement.opens_at, one.engagement.closes_at))
    if engagement.closes_at:
        moments.append(engagement.closes_at - CLOSING_SOON)
    if row.reward:
        moments.append(soon(now))
    return page_cache.keep(
        render(
            request,
            "products/round.html",
            {**_context(page, engagement, row), "next_round": next_of(rounds)},
        ),
        tags=tags,
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


_OVER = frozenset({Stage.CLOSED, Stage.OUTCOME_DUE, Stage.OUTCOME_OVERDUE, Stage.OUTCOME_PUBLISHED})


def _said(
    page: RoundPage, engagement: Engagement, current: Stage, who: dict[str, Any]
) -> dict[str, Any]:
    language = known_language(get_language())
    definition = definition_of_page(page)
    if who["open_to_all"]:
        # Read by who comes by: so many questions are theirs.
        definition = without(definition)
    return {
        "page": page,
        "engagement": engagement,
        "bureau": engagement.owner,
        "state": current.value,
        "is_over": current in _OVER,
        "words": faces.words_of(engagement),
        **who,
        "questions": flow.asked(definition),
        "minutes": flow.minutes(definition) if flow.asked(definition) else 0,
        "acts": f"/{language}/e/{engagement.public_id}/",
        "crumbs": crumbs(engagement, language),
    }


def _context(page: RoundPage, engagement: Engagement, row: Round) -> dict[str, Any]:
    now = clock.now()
    verdict = can("answer", engagement=engagement, person=None, now=now)
    product = row.build.product.engagement
    return {
        **_said(page, engagement, stage(engagement, now), audience.public(row)),
        "round": row,
        "build": row.build,
        "product": product,
        "product_path": pick(product.paths, known_language(get_language())).text,
        "steps": steps_of(row),
        "takes": verdict.allowed and row.build.retired_at is None,
        "tried": tried_by_round([row.pk]).get(row.pk, 0),
        "reward_left": rewards_left(row),
        "claim_until": claim_until(engagement),
        "results": can_see_results(engagement=engagement, now=now).allowed,
        "outcome": published_outcome(engagement),
        "notices": list(engagement.public_notices.exclude(kind="late")[:10]),
        "hung": hooks.parts_of("round", engagement),
        "hung_beside": hooks.parts_of("beside", engagement),
    }


def _preview(page: RoundPage, engagement: Engagement, mode: str) -> dict[str, Any]:
    engagement.opens_at, engagement.closes_at = page.opens_at, page.closes_at
    engagement.response_due = page.response_due
    steps = [
        Step(title={page.language: block.value["title"]}, task={page.language: block.value["task"]})
        for block in page.steps
    ]
    return {
        **_said(
            page,
            engagement,
            _PREVIEW_STAGES.get(mode, Stage.OPEN),
            {"open_to_all": page.who == WhoTries.ANYONE},
        ),
        "preview": mode,
        "round": Round(
            reward=page.reward, reward_places=page.reward_places, hold_days=page.hold_days
        ),
        "reward_left": page.reward_places if page.reward else None,
        "build": page.build,
        "product": page.build.product.engagement if page.build else None,
        "steps": steps,
        "takes": False,
        "tried": 0,
        "notices": [],
    }


@require_safe
def poster(request: HttpRequest, public_id: str) -> HttpResponse:
    """A page to print and hang up: the round's name and the code that leads to trying it.

    Absent where what it says is not so: for a round of invited volunteers, once it is over, and
    once its build was taken back.
    """
    row = access_round(public_id)
    engagement, now = row.engagement, clock.now()
    if stage(engagement, now).is_past or not audience.public(row)["open_to_all"]:
        raise Absent
    if row.build.retired_at is not None:
        raise Absent
    path = reverse("products:try", args=[public_id])
    context = {
        **about(engagement),
        "round": row,
        "address": request.build_absolute_uri(path),
        "build": row.build,
    }
    moments = [midnight_after(now), *filter(None, [engagement.closes_at])]
    return page_cache.keep(
        render(request, "products/poster.html", context),
        tags=[live.tag(engagement), live.tag(row.build.product.engagement)],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


@cache_control(public=True, max_age=SECONDS)
@require_safe
def code(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """The QR code of trying the round ('round'), or of the build's own address ('build')."""
    row = access_round(public_id)
    if what == "round":
        address = request.build_absolute_uri(reverse("products:try", args=[public_id]))
    elif what == "build" and row.build.link and row.build.retired_at is None:
        address = row.build.link
    else:
        raise Absent
    return HttpResponse(svg_of(address), content_type="image/svg+xml")
