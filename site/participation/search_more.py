"""Engagements that are like one, for its page."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef

from core.texts import Text, pick
from participation import faces, search_index
from participation.models import Engagement
from participation.stages import stage
from search.more import More, first_of, like_this


def more_like(
    engagement: Engagement, language: str, now: dt.datetime
) -> list[tuple[Engagement, More]]:
    """Up to three public ones of any kind, each with its row; one query.

    One more where a kind is among them in which not everybody may take part. Those are said to be
    for those invited, as in search, and stand with what is not open.
    """
    rows = Engagement.objects.public().filter(kind__in=list(search_index.KINDS))
    found = like_this(
        rows.select_related("outcome"), engagement.kind, engagement.pk, other_kind=OuterRef("kind")
    )
    shown = [row for row in found if search_index.address(row)]
    some = faces.for_some(shown)

    def more(row: Engagement) -> More:
        title, current = pick(row.title, language), stage(row, now)
        return More(
            url=search_index.address(row),
            title=title.text,
            language=title.language,
            state=current.value,
            is_open=current.is_open and row.pk not in some,
            open_label=search_index.INVITED if row.pk in some else faces.words_of(row).open,
            within=Text(str(faces.title_of(row)), language),
        )

    return first_of(shown, more, language)
