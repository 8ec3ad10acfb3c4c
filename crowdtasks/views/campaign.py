"""A poll or survey as citizens read it: what it is about, how long it takes, the way to answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, page_cache
from core.texts import known_language
from crowdtasks.access import access_public_campaign
from crowdtasks.asked import definition_of_page, seconds_of
from crowdtasks.facts import Facts, facts_of
from crowdtasks.models import Campaign, CampaignPage
from crowdtasks.views.keeping import soon
from participation import faces, live
from participation.access import access_engagement_of
from participation.models import Engagement
from participation.policies import can, can_see_results
from participation.querysets import CLOSING_SOON
from participation.stages import Stage, midnight_after, published_outcome, stage
from questionnaires import flow

_PREVIEW_STAGES = {
    "open": Stage.OPEN,
    "upcoming": Stage.UPCOMING,
    "closed": Stage.OUTCOME_DUE,
    "outcome": Stage.OUTCOME_PUBLISHED,
}


def campaign(request: HttpRequest, page: CampaignPage, mode: str = "") -> HttpResponse:
    """The public page, or (``mode``) a draft as it will look at a later stage."""
    if mode:
        engagement = page.engagement or Engagement(title={}, summary={}, owner=page.bureau)
        return render(request, "crowdtasks/campaign.html", _preview(page, engagement, mode))
    return _public(request, page, access_engagement_of(page, "campaign"))


@require_safe
def address(request: HttpRequest, bureau: str, slug: str) -> HttpResponse:
    """The public page by its address, without walking the page tree for it."""
    page, engagement = access_public_campaign(bureau, slug, known_language(get_language()))
    return _public(request, page, engagement)


def _public(request: HttpRequest, page: CampaignPage, engagement: Engagement) -> HttpResponse:
    now = clock.now()
    facts = facts_of([engagement], now)[engagement.pk]
    moments = [midnight_after(now), *filter(None, (engagement.opens_at, engagement.closes_at))]
    if engagement.closes_at:
        moments.append(engagement.closes_at - CLOSING_SOON)
    if facts.left is not None:
        moments.append(soon(now))
    return page_cache.keep(
        render(request, "crowdtasks/campaign.html", _context(page, engagement, facts, now)),
        tags=[live.tag(engagement)],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


def _said(page: CampaignPage, engagement: Engagement, current: Stage) -> dict[str, Any]:
    language = known_language(get_language())
    return {
        "page": page,
        "engagement": engagement,
        "bureau": engagement.owner,
        "state": current.value,
        "words": faces.words_of(engagement),
        "acts": f"/{language}/e/{engagement.public_id}/",
        "crumbs": [
            {"href": f"/{language}/", "text": _("Home")},
            {"href": f"/{language}/tasks/", "text": _("What can be done now")},
            {"href": f"/{language}/tasks/{engagement.owner.slug}/", "text": str(engagement.owner)},
        ],
    }


def _context(
    page: CampaignPage, engagement: Engagement, facts: Facts, now: dt.datetime
) -> dict[str, Any]:
    verdict = can("answer", engagement=engagement, person=None, now=now)
    name = "crowdtasks:poll" if facts.is_poll else "questionnaires:start"
    return {
        **_said(page, engagement, stage(engagement, now)),
        "facts": facts,
        "takes": verdict.allowed or verdict.code in {"sign-in", "level"},
        "answer_path": reverse(name, args=[engagement.public_id]),
        "results": can_see_results(engagement=engagement, now=now).allowed,
        "outcome": published_outcome(engagement),
        "notices": list(engagement.public_notices.exclude(kind="late")[:10]),
    }


def _preview(page: CampaignPage, engagement: Engagement, mode: str) -> dict[str, Any]:
    engagement.opens_at, engagement.closes_at = page.opens_at, page.closes_at
    engagement.response_due = page.response_due
    definition = definition_of_page(page)
    drawn = Campaign(
        kind=page.kind,
        places=page.places,
        claim_minutes=page.claim_minutes,
        review=page.review_rule,
        reward=page.reward,
        hold_days=page.hold_days,
        after_own=page.results_after_own,
        seconds=seconds_of(definition),
    )
    asked = flow.asked(definition)
    return {
        **_said(page, engagement, _PREVIEW_STAGES.get(mode, Stage.OPEN)),
        "preview": mode,
        "facts": Facts(drawn, flow.minutes(definition) if asked else 0, asked, page.places),
        "takes": False,
        "notices": [],
    }
