"""How far a contest's ideas have come, in numbers: from handed in to awarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ideas.models import Category, Idea, IdeaStatus, StatusChange
from ideas.policies import SCREENING, VOTE, phase_of
from ideas.screening_list import answered
from participation.models import Engagement

STEPS: dict[str, str | Promise] = {
    "received": pgettext_lazy("of ideas", "Handed in"),
    "public": pgettext_lazy("of ideas", "Published"),
    "accepted": pgettext_lazy("of ideas", "Accepted in screening"),
    "ballot": _("On the ballot"),
    "shortlisted": pgettext_lazy("of ideas", "Shortlisted"),
    "awarded": pgettext_lazy("of ideas", "Awarded"),
    "answered": pgettext_lazy("of ideas", "Answered"),
    "adopted": pgettext_lazy("of ideas", "Adopted"),
    "done": pgettext_lazy("of ideas", "Carried out"),
}
#: A standing box has neither ballot nor prizes: what counts there is what it answers.
OF_BOXES = ("received", "public", "answered", "adopted", "done")


@dataclass(frozen=True)
class Line:
    """The numbers of one category, or of all."""

    name: Mapping[str, str]
    numbers: list[int]


@dataclass(frozen=True)
class Funnel:
    """``steps`` are those this contest has; ``lines`` are categories, the last without one."""

    steps: list[tuple[str, str | Promise]]
    total: Line
    lines: list[Line]

    @property
    def pairs(self) -> list[tuple[str | Promise, int]]:
        """Each step of the whole contest with its number."""
        names = [name for _key, name in self.steps]
        return list(zip(names, self.total.numbers, strict=True))


def _reached(*statuses: str) -> Q:
    """Ideas that were once in one of these, whatever came after."""
    steps = StatusChange.objects.filter(idea=OuterRef("pk"), status__in=statuses)
    return Q(contribution__state="published") & Q(Exists(steps))


def funnel_of(engagement: Engagement) -> Funnel:
    """Count; two queries, however many ideas. A merged idea was handed in and published."""
    published = Q(contribution__state="published")
    has = {key: phase_of(engagement, key) is not None for key in (SCREENING, VOTE)}
    filters = {
        "received": Q(),
        "public": published,
        "accepted": published & Q(screened="accepted"),
        "ballot": Q(pk__in=Idea.objects.votable().filter(engagement=engagement).values("pk")),
        "shortlisted": _reached(IdeaStatus.SHORTLISTED, IdeaStatus.AWARDED),
        "awarded": _reached(IdeaStatus.AWARDED),
        "answered": published & answered(),
        "adopted": _reached(IdeaStatus.ADOPTED, IdeaStatus.PROGRESS, IdeaStatus.DONE),
        "done": _reached(IdeaStatus.DONE),
    }
    of_contests = {
        "received": True,
        "public": True,
        "accepted": has[SCREENING],
        "ballot": has[VOTE],
        "shortlisted": True,
        "awarded": True,
    }
    keys = (
        list(OF_BOXES)
        if engagement.contest.standing
        else [key for key, there in of_contests.items() if there]
    )
    rows: Any = (
        Idea.objects.filter(engagement=engagement)
        .order_by()
        .values("category")
        .annotate(**{f"n_{key}": Count("pk", filter=filters[key]) for key in keys})
    )
    counted: dict[int | None, list[int]] = {
        row["category"]: [row[f"n_{key}"] for key in keys] for row in rows
    }
    categories = Category.objects.filter(contest=engagement.pk)
    nothing = [0] * len(keys)
    lines = [
        Line(row.name, counted.get(row.pk, nothing))
        for row in categories
        if row.pk in counted or row.retired_at is None
    ]
    if None in counted and lines:
        lines.append(Line({}, counted[None]))
    sums = [sum(column) for column in zip(*counted.values(), strict=True)] or nothing
    return Funnel([(key, STEPS[key]) for key in keys], Line({}, sums), lines)
