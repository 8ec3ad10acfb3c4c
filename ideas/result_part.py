"""The result as a part of the contest's outcome (``participation.outcome_parts``)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ideas.actions.contest import KIND
from ideas.actions.result import publish_result, tell_result
from ideas.models import ResultPlace
from ideas.result_lacks import lacks_of
from ideas.result_reading import summary
from participation import outcome_parts
from participation.models import Engagement


def _writers(engagement: Engagement) -> set[int]:
    rows = ResultPlace.objects.filter(result=engagement.pk, written_by__isnull=False)
    return set(rows.values_list("written_by__person", flat=True))


def _written(person: int) -> QuerySet[Any]:
    return ResultPlace.objects.filter(written_by__person=person).values("result")


def _desk(engagement: Engagement) -> tuple[str | Promise, str] | None:
    if engagement.contest.standing:
        return None
    return _("Winners and shortlist"), reverse("ideas:result-desk", args=[engagement.public_id])


def register() -> None:
    """Called from ``ready()``."""
    outcome_parts.register(
        outcome_parts.OutcomePart(
            kind=KIND,
            lacks=lacks_of,
            writers=_writers,
            written=_written,
            publish=publish_result,
            tell=tell_result,
            desk=_desk,
            template="ideas/parts/winners.html",
            context=summary,
        )
    )
