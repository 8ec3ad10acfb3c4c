"""The officers' list of a contest's ideas, in few queries.

By what screening made of them; where nothing is screened (a standing box), by whether the bureau
has answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from ideas.models import Idea, OfficialReply, Screened, Screening, StatusChange
from ideas.policies import SCREENING, phase_of
from participation.models import Engagement

PAGE_SIZE = 25
QUERY_LIMIT = 100

#: What one may narrow to; ``changed`` were written on since they were to be completed.
STATES: dict[str, str | Promise] = {
    "waiting": pgettext_lazy("screening", "Not read yet"),
    "changed": pgettext_lazy("screening", "Completed since"),
    Screened.COMPLETE: Screened.COMPLETE.label,
    Screened.ACCEPTED: Screened.ACCEPTED.label,
    Screened.DECLINED: Screened.DECLINED.label,
    "merged": pgettext_lazy("screening", "Merged"),
}
#: The same where nothing is screened; an answer is a reply or a step with its reason.
ANSWERS: dict[str, str | Promise] = {
    "waiting": pgettext_lazy("of answers to ideas", "Not answered yet"),
    "answered": pgettext_lazy("of answers to ideas", "Answered"),
    "merged": STATES["merged"],
}


@dataclass(frozen=True)
class ScreeningList:
    """A page of ideas with ``state``, and each state with its number and address."""

    page: Page[Idea]
    states: list[dict[str, Any]]
    state: str
    text: str
    total: int


def answered() -> Q:
    """Ideas that the bureau replied to, or took a step with a reason."""
    return Q(Exists(OfficialReply.objects.filter(idea=OuterRef("pk")))) | Q(
        Exists(StatusChange.objects.filter(idea=OuterRef("pk")))
    )


def _rows(engagement: Engagement, *, screens: bool) -> Any:
    rows = Idea.objects.filter(engagement=engagement, contribution__state="published")
    if not screens:
        return rows.annotate(
            state=Case(
                When(merged_into__isnull=False, then=Value("merged")),
                When(answered(), then=Value("answered")),
                default=Value("waiting"),
            )
        )
    read = Screening.objects.filter(idea=OuterRef("pk")).order_by("-at", "-pk").values("number")
    return rows.annotate(read=Coalesce(Subquery(read[:1]), 0)).annotate(
        state=Case(
            When(merged_into__isnull=False, then=Value("merged")),
            When(screened="", then=Value("waiting")),
            When(Q(screened="complete") & Q(number__gt=F("read")), then=Value("changed")),
            default=F("screened"),
        )
    )


def look_up(engagement: Engagement, parameters: QueryDict) -> ScreeningList:
    """What the address asks for; unknown states are as if none were named. Oldest first."""
    screens = phase_of(engagement, SCREENING) is not None
    known = STATES if screens else ANSWERS
    asked, text = parameters.get("state", ""), parameters.get("q", "")
    state = asked if asked in known else ""
    text = "".join(one for one in text if one.isprintable()).strip()[:QUERY_LIMIT]
    number = parameters.get("page", "1")
    everything = _rows(engagement, screens=screens).found(text)
    counted = everything.order_by().values_list("state").annotate(number=Count("pk"))
    counts: dict[str, int] = dict(counted)
    rows = everything.filter(state=state) if state else everything
    shown = (
        rows.with_comments()
        .select_related("contribution", "category", "merged_into__contribution")
        .order_by("received_at", "pk")
    )
    page = Paginator(shown, PAGE_SIZE).get_page(number if number.isascii() else 1)
    for idea in page.object_list:
        idea.state_label = known[idea.state]
    words = [("q", text)] if text else []
    total = sum(counts.values())
    states: list[dict[str, Any]] = [
        {
            "text": pgettext_lazy("screening", "All"),
            "count": total,
            "query": f"?{urlencode(words)}",
            "current": not state,
        },
        *(
            {
                "text": label,
                "count": counts.get(key, 0),
                "query": f"?{urlencode([*words, ('state', key)])}",
                "current": key == state,
            }
            for key, label in known.items()
        ),
    ]
    return ScreeningList(page, states, state, text, total)
