"""What is submitted: a draft's answers or a program's, with what the same person sent before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from accounts.models import Person
from core import clock
from participation.models import Phase
from questionnaires.models import Draft, Questionnaire, Response
from questionnaires.whereabouts import not_here


@dataclass(frozen=True)
class Submission:
    """What is submitted, wherever it comes from."""

    questionnaire: Questionnaire
    answers: Mapping[str, Any]
    route: str
    language: str
    begun_at: dt.datetime | None
    draft: Draft | None
    #: The receipt of this person's live response in this capacity, '' when there is none.
    earlier: str


def of_draft(draft: Draft, person: Person | None, capacity: str) -> Submission:
    """The draft, locked, with its engagement, the phases, the time and what this person sent
    before: one query. A phase a row, so that the windows need none of their own."""
    phases = "questionnaire__engagement__phases__"
    found = list(
        Draft.objects.select_for_update(of=("self",))
        .select_related("questionnaire__engagement__owner")
        .filter(pk=draft.pk, token=draft.token)
        .annotate(
            phase=F(f"{phases}pk"),
            phase_verbs=F(f"{phases}verbs"),
            phase_opens_at=F(f"{phases}opens_at"),
            phase_closes_at=F(f"{phases}closes_at"),
            earlier=Subquery(
                _live(person, capacity)
                .filter(questionnaire=OuterRef("questionnaire"))
                .values("contribution__receipt__code")[:1]
            ),
            db_now=Now(),
        )
    )
    if not found:
        raise not_here(draft.token)
    row: Any = found[0]
    clock.note(row)
    engagement = row.questionnaire.engagement
    engagement._prefetched_objects_cache = {
        "phases": [
            Phase(
                pk=each.phase,
                engagement=engagement,
                verbs=each.phase_verbs,
                opens_at=each.phase_opens_at,
                closes_at=each.phase_closes_at,
            )
            for each in found
            if each.phase is not None
        ]
    }
    return Submission(
        questionnaire=row.questionnaire,
        answers=row.answers,
        route=row.route,
        language=row.language,
        begun_at=row.begun_at,
        draft=row,
        earlier=row.earlier or "",
    )


def of_answers(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    *,
    person: Person | None,
    capacity: str,
    route: str,
    language: str,
) -> Submission:
    """Answers that come without a draft, as a program sends them."""
    earlier = _live(person, capacity).filter(questionnaire=questionnaire)
    return Submission(
        questionnaire=questionnaire,
        answers=answers,
        route=route,
        language=language,
        begun_at=None,
        draft=None,
        earlier=earlier.values_list("contribution__receipt__code", flat=True).first() or "",
    )


def _live(person: Person | None, capacity: str) -> QuerySet[Response]:
    if person is None:
        return Response.objects.none()
    return Response.objects.filter(person=person, capacity=capacity, live=True)
