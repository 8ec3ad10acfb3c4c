"""Public notes about questions that people have answered, for showing them beside the question."""

from __future__ import annotations

import datetime as dt

from participation.models import PublicNotice
from questionnaires.models import Questionnaire


def corrections_since(engagement_id: int, moment: dt.datetime) -> list[PublicNotice]:
    """What was announced about the questions after an instant, the newest first."""
    rows = PublicNotice.objects.filter(engagement_id=engagement_id, kind="corrected")
    return list(rows.filter(at__gt=moment))


def corrections_of(questionnaire: Questionnaire) -> dict[str, list[PublicNotice]]:
    """What was announced about each question, by anchor, the newest first.

    One query, and none before anybody has answered: there is nothing to correct then.
    """
    if questionnaire.frozen_at is None:
        return {}
    found: dict[str, list[PublicNotice]] = {}
    for notice in PublicNotice.objects.filter(
        engagement_id=questionnaire.engagement_id, kind="corrected"
    ):
        for anchor in notice.data.get("questions", ()):
            found.setdefault(anchor, []).append(notice)
    return found
