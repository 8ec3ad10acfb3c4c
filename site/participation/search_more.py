"""Engagements that are like one, for its page."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef

from core.texts import pick
from participation import faces, search_index
from participation.models import Engagement
from participation.stages import stage
from search.more import More, first_of, like_this


def more_like(
    engagement: Engagement, language: str, now: dt.datetime
) -> list[tuple[Engagement, More]]:
    """Up to three public ones of any kind, each with its row; one query."""
    rows = Engagement.objects.public().filter(kind__in=list(search_index.KINDS))
    found = like_this(
        rows.select_related("outcome"), engagement.kind, engagement.pk, other_kind=OuterRef("kind")
    )

    def more(row: Engagement) -> More:
        title, current = pick(row.title, language), stage(row, now)
        return More(
            url=search_index.address(row),
            title=title.text,
            language=title.language,
            state=current.value,
            is_open=current.is_open,
            open_label=faces.words_of(row).open,
            within=str(faces.title_of(row)),
        )

    return first_of((row for row in found if search_index.address(row)), more, language)
