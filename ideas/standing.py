"""What everybody reads of the bureau's decisions on an idea: screening, merges, dated steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from ideas.authors import coauthors_of, names_of
from ideas.models import Idea, IdeaStatus, Screened, Screening
from ideas.reasons import sentence_of


@dataclass(frozen=True)
class ScreeningShown:
    """The newest decision of screening: ``ready`` in the reader's language, the rest as written."""

    row: Screening
    ready: str | Promise

    @property
    def label(self) -> str | Promise:
        return Screened(self.row.verdict).label


def screening_of(idea: Idea) -> ScreeningShown | None:
    """The decision that counts; None for an idea that was not screened."""
    if not idea.screened:
        return None
    row = idea.screenings.last()
    return ScreeningShown(row, sentence_of(row.reason)) if row else None


def timeline(idea: Idea) -> list[dict[str, Any]]:
    """Every step, oldest first: received, then what officers wrote. Empty before the first."""
    steps = list(idea.steps.all())
    if not steps:
        return []
    first = {"label": IdeaStatus.RECEIVED.label, "at": idea.received_at, "said": {}}
    return [
        first,
        *(
            {
                "label": IdeaStatus(row.status).label,
                "at": row.at,
                "said": row.said,
            }
            for row in steps
        ),
    ]


def led_by(idea: Idea) -> list[dict[str, Any]]:
    """Ideas merged into this one that were not withdrawn, with their entries and all authors."""
    rows = Idea.objects.filter(merged_into=idea, contribution__state="published")
    found = list(rows.select_related("contribution").order_by("received_at", "pk"))
    others = coauthors_of(found) if found else {}
    return [
        {
            "idea": one,
            "contribution": one.contribution,
            "authors": [
                name
                for name in (one.contribution.public_name, *names_of(others.get(one.pk, [])))
                if name
            ],
        }
        for one in found
    ]


def standing(idea: Idea) -> dict[str, Any]:
    """The context of ``ideas/parts/standing.html``; four or five queries."""
    return {
        "screening": screening_of(idea),
        "steps": timeline(idea),
        "replies": list(idea.replies.select_related("bureau")),
        "led": led_by(idea),
    }
