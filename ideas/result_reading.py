"""What pages show of a contest's result: who is awarded and why, then all places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from ideas.authors import coauthors_of, names_of
from ideas.juries import judged_ideas
from ideas.models import (
    Basis,
    ContestResult,
    Distinction,
    Idea,
    Judgement,
    JuryPlace,
    ResultPlace,
)
from participation.models import Engagement

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """An idea on the officers' page; ``place`` is None where the bureau has not decided on it."""

    idea: Idea
    place: ResultPlace | None


@dataclass(frozen=True)
class Given:
    """An idea that the result speaks of, with the names of all who wrote it."""

    place: ResultPlace
    names: list[str]


def result_of(engagement: Engagement) -> ContestResult | None:
    """The result in whatever state, with the rules it was made by."""
    return ContestResult.objects.select_related("rules").filter(contest=engagement.pk).first()


def _places(result: ContestResult) -> QuerySet[ResultPlace]:
    return result.places.select_related("idea__contribution", "idea__jury_place")


def jury_places(engagement: Engagement) -> list[JuryPlace]:
    """The jury's places in order, each with what the idea was given: for everybody, so there are
    none before the contest's result is published. One query.
    """
    rows = JuryPlace.objects.filter(
        result__contest=engagement.pk, result__contest__result__published_at__isnull=False
    )
    return list(rows.select_related("result", "idea__contribution", "idea__result_place"))


def published_places(engagement: Engagement) -> dict[int, ResultPlace]:
    """What the published result makes of each idea, by the idea's key; empty before. One query."""
    rows = ResultPlace.objects.filter(
        result__contest=engagement.pk, result__published_at__isnull=False
    )
    return {row.idea_id: row for row in rows}


def summary(engagement: Engagement, draft: bool = False) -> dict[str, Any]:
    """Who is awarded, who is shortlisted, and who is passed over with a reason; three queries.

    Trap: ``draft`` shows what is not public yet, to the officers of the owner alone.
    """
    result = result_of(engagement)
    if result is None or (result.published_at is None and not draft):
        return {}
    rows = list(_places(result).exclude(distinction="", reason={}))
    found: dict[str, list[Given]] = {Distinction.AWARDED: [], Distinction.SHORTLISTED: [], "": []}
    with_author = coauthors_of([row.idea for row in rows])
    for row in rows:
        author = row.idea.contribution.public_name
        names = [*([author] if author else []), *names_of(with_author.get(row.idea_id, []))]
        found[row.distinction].append(Given(row, names))
    return {
        "result": result,
        "public_id": engagement.public_id,
        "nobody": not found[Distinction.AWARDED] and not found[Distinction.SHORTLISTED],
        "groups": [(name or "passed-over", given) for name, given in found.items()],
    }


def places_of(result: ContestResult) -> QuerySet[ResultPlace]:
    """The places in order, each with what the jury gave the idea; none where the bureau decided."""
    return _places(result).filter(place__isnull=False)


def places_page(result: ContestResult, number: str) -> Page[ResultPlace]:
    """The places in order, ``PAGE_SIZE`` at a time; none where the bureau decided."""
    return Paginator(places_of(result), PAGE_SIZE).get_page(number if number.isascii() else 1)


def desk_page(engagement: Engagement, result: ContestResult, number: str) -> Page[Any]:
    """The ideas to decide on, in order; where the bureau decides, all that could be awarded."""
    if result.basis != Basis.BUREAU:
        page: Page[Any] = places_page(result, number)
        page.object_list = [Row(place.idea, place) for place in page.object_list]
        return page
    ideas = judged_ideas(engagement).select_related("contribution", "result_place")
    listed: Page[Any] = Paginator(ideas.order_by("received_at", "pk"), PAGE_SIZE).get_page(
        number if number.isascii() else 1
    )
    listed.object_list = [
        Row(idea, getattr(idea, "result_place", None)) for idea in listed.object_list
    ]
    return listed


def jurors_said(idea: Idea) -> list[Judgement]:
    """What jurors wrote of an idea for the reasons, without who wrote it."""
    return list(
        Judgement.objects.filter(idea=idea, juror__ended_at=None, juror__submitted_at__isnull=False)
        .exclude(comment="")
        .order_by("saved_at")
    )
