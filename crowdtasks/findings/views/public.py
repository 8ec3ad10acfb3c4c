"""Findings as everybody reads them: how many, what became of them, which build mended what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, page_cache
from core.ids import is_public_id
from crowdtasks.findings.access import access_place
from crowdtasks.findings.models import Triage
from crowdtasks.findings.querysets import TOLD, FindingQuerySet
from crowdtasks.findings.reading import figures_of, of_engagement, others_of
from participation import live
from participation.attachments.shown import files_of
from participation.stages import midnight_after
from participation.views.shared import about

PAGE_SIZE = 30


def _page_of(public_id: str, rows: FindingQuerySet) -> int:
    """The page on which one of them stands, for links to it; the first for what is none."""
    if not is_public_id(public_id):
        return 1
    found = rows.filter(contribution__public_id=public_id).first()
    if found is None:
        return 1
    at, pk = found.changed_at, found.pk
    newer = Q(changed_at__gt=at) | Q(changed_at=at, pk__gt=pk)
    return rows.filter(newer).count() // PAGE_SIZE + 1


@require_safe
def findings(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures, and the public findings the bureau has looked at, the newest first."""
    place = access_place(public_id)
    now = clock.now()
    state = request.GET.get("state", "")
    state = state if state in TOLD else ""
    rows = of_engagement(place.engagement).told().whole()
    if state:
        rows = rows.filter(state=state)
    asked = request.GET.get("page", "")
    wanted = request.GET.get("finding", "")
    shown = Paginator(rows.order_by("-changed_at", "-pk"), PAGE_SIZE).get_page(
        _page_of(wanted, rows) if wanted and not asked else asked if asked.isascii() else 1
    )
    listed = list(shown.object_list)
    others, files = others_of(listed), files_of(one.contribution for one in listed)
    context = {
        **about(place.engagement),
        "place": place,
        "figures": figures_of(place.engagement),
        "state": state,
        "states": [(key, label) for key, label in Triage.choices if key in TOLD],
        "shown": shown,
        "rows": [
            {
                "finding": one,
                "others": others.get(one.pk, 0),
                "files": files.get(one.contribution.pk, []),
            }
            for one in listed
        ],
    }
    return page_cache.keep(
        render(request, "findings/findings.html", context),
        tags=[live.tag(place.engagement), live.tag(place.product.engagement)],
        now=now,
        until=midnight_after(now),
    )
