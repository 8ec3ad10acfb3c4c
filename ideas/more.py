"""Ideas that are like one, for its page."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from core.texts import pick
from ideas.models import Idea
from ideas.search_index import KIND
from participation import faces
from participation.stages import stage
from search.more import More, first_of, like_this


def more_like(idea: Idea, language: str, now: dt.datetime) -> list[tuple[Idea, More]]:
    """Up to three public ones of any contest, each with its row; one query."""
    rows = Idea.objects.public().filter(engagement__state="published")
    rows = rows.select_related("contribution", "engagement__outcome")
    found = like_this(rows, KIND, idea.pk, other_kind=KIND)

    def more(row: Idea) -> More:
        about, current = row.engagement, stage(row.engagement, now)
        return More(
            url=reverse("ideas:idea", args=[row.contribution.public_id]),
            title=row.title,
            language=row.contribution.language,
            state=current.value,
            is_open=current.is_open,
            open_label=faces.words_of(about).open,
            within=None if about.pk == idea.engagement_id else pick(about.title, language),
        )

    return first_of(found, more, language)
