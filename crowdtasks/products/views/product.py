"""A product as everybody reads it: what it is, its builds, and what came of its rounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core import clock, page_cache
from core.texts import known_language
from crowdtasks.products import hooks
from crowdtasks.products.access import access_public_page
from crowdtasks.products.models import Build, ProductPage, RoundPage
from crowdtasks.products.rounds import next_of, rounds_of
from crowdtasks.products.views.round import public_round
from crowdtasks.products.views.shared import crumbs
from participation import faces, live
from participation.access import access_engagement_of
from participation.models import Engagement
from participation.stages import Stage, midnight_after, stage


@dataclass(frozen=True)
class Shown:
    """One build as the page shows it, public or in a preview."""

    version: str
    released_on: dt.date | None
    link: str
    document: Any
    fingerprint: str
    file_replaced: bool
    size: int
    to_try: Any
    known_issues: Any
    changes: Any


def product(request: HttpRequest, page: ProductPage, mode: str = "") -> HttpResponse:
    """The public page, or (``mode``) a draft as it will look."""
    if mode:
        engagement = page.engagement or Engagement(title={}, summary={}, owner=page.bureau)
        engagement.opens_at, engagement.closes_at = page.opens_at, page.closes_at
        builds = _drafted(page)
        context = _said(page, engagement, builds, Stage.OPEN)
        return render(request, "products/product.html", {**context, "preview": mode})
    return _public(request, page, access_engagement_of(page, "product"))


@require_safe
def address(request: HttpRequest, bureau: str, slug: str) -> HttpResponse:
    """The public page by its address, without walking the page tree for it."""
    page, engagement = access_public_page(bureau, slug, known_language(get_language()))
    if isinstance(page, RoundPage):
        return public_round(request, page, engagement)
    return _public(request, page, engagement)


def _public(request: HttpRequest, page: ProductPage, engagement: Engagement) -> HttpResponse:
    now = clock.now()
    builds = list(Build.objects.standing().filter(product=engagement.pk).select_related("document"))
    rounds = rounds_of(engagement, now, known_language(get_language()))
    context = {
        **_said(page, engagement, builds, stage(engagement, now)),
        "rounds": rounds,
        "next_round": next_of(rounds),
        "hung": hooks.parts_of("product", engagement),
        "hung_beside": hooks.parts_of("beside", engagement),
    }
    moments = [midnight_after(now), *filter(None, [engagement.opens_at])]
    for one in rounds:
        moments += filter(None, [one.engagement.opens_at, one.engagement.closes_at])
    return page_cache.keep(
        render(request, "products/product.html", context),
        tags=[live.tag(engagement), *(live.tag(one.engagement) for one in rounds)],
        now=now,
        until=min(moment for moment in moments if moment > now),
    )


def _said(
    page: ProductPage, engagement: Engagement, builds: list[Any], current: Stage
) -> dict[str, Any]:
    language = known_language(get_language())
    return {
        "page": page,
        "engagement": engagement,
        "bureau": engagement.owner,
        "state": current.value,
        "words": faces.words_of(engagement),
        "builds": builds,
        "acts": f"/{language}/e/{engagement.public_id}/",
        "crumbs": crumbs(engagement, language),
    }


def _drafted(page: ProductPage) -> list[Shown]:
    """The builds of a draft, the newest first; what is worked out when it is published is not
    there."""
    language = page.language
    found = []
    for block in reversed(list(page.builds)):
        said = block.value
        found.append(
            Shown(
                version=said["version"],
                released_on=said["released_on"],
                link=said["link"],
                document=said["document"],
                fingerprint="",
                file_replaced=False,
                size=said["document"].file.size if said["document"] else 0,
                to_try={language: said["to_try"]} if said["to_try"] else {},
                known_issues={language: said["known_issues"]} if said["known_issues"] else {},
                changes={language: said["changes"]} if said["changes"] else {},
            )
        )
    return found
