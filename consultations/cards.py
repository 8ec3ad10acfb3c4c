"""An engagement as a card in a list: the plain data that the shell's components show."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language

from core.dates import FOREVER
from core.texts import known_language
from participation import faces
from participation.models import Contribution, Engagement
from participation.stages import published_outcome, stage
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire


def received_counts(engagements: Iterable[Engagement]) -> dict[int, int]:
    """Entries of the register by engagement pk, in one query; every state counts as received.

    The bureau's own replies were not received from anybody.
    """
    rows = (
        Contribution.objects.filter(engagement__in=[row.pk for row in engagements])
        .by_citizens()
        .values_list("engagement")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def address(engagement: Engagement, language: str | None = None) -> str:
    """The public path in the reader's language, else of a version that is there."""
    wanted = known_language(language or get_language())
    paths: dict[str, str] = engagement.paths or {}
    for code in (wanted, engagement.source_language):
        if paths.get(code):
            return paths[code]
    return next(iter(paths.values()), f"/{wanted}/e/{engagement.public_id}/statements/")


def answering(engagements: Iterable[Engagement]) -> dict[int, dict[str, int]]:
    """How many questions there are and how long they take, by engagement pk; one query."""
    rows = Questionnaire.objects.filter(
        engagement__in=[row.pk for row in engagements],
        key=MAIN,
        published_at__isnull=False,
        asked__gt=0,
    ).values_list("engagement", "asked", "minutes", "key_minutes")
    return {row[0]: {"questions": row[1], "minutes": row[2], "key_minutes": row[3]} for row in rows}


def card(
    engagement: Engagement,
    now: dt.datetime,
    counts: dict[int, int],
    asked: Mapping[int, Mapping[str, int]] | None = None,
) -> dict[str, Any]:
    """What ``components/result-card.html`` shows of an engagement."""
    return {
        **(asked or {}).get(engagement.pk, {}),
        "url": address(engagement),
        "title": engagement.title,
        "words": engagement.title_words,
        "owner": engagement.owner.name,
        "summary": engagement.summary,
        "state": stage(engagement, now).value,
        "open_label": faces.words_of(engagement).open,
        "opens_at": engagement.opens_at,
        "closes_at": engagement.closes_at,
        "outcome_due": engagement.response_due,
        "endless": engagement.closes_at == FOREVER,
        "count": counts.get(engagement.pk, 0),
    }


def cards(engagements: Iterable[Engagement], now: dt.datetime) -> list[dict[str, Any]]:
    """Cards of several engagements; one query for the counts of all, one for their questions."""
    rows = list(engagements)
    counts, asked = received_counts(rows), answering(rows)
    return [card(row, now, counts, asked) for row in rows]


def mixed_cards(engagements: Iterable[Engagement], now: dt.datetime) -> list[dict[str, Any]]:
    """The same where kinds stand side by side: each card says of which kind it is."""
    rows = list(engagements)
    shown = zip(rows, cards(rows, now), strict=True)
    return [{**one, "kind": faces.title_of(row)} for row, one in shown]


def outcome_card(engagement: Engagement, counts: dict[int, int]) -> dict[str, Any]:
    """What ``components/outcome-card.html`` shows: the first sentences of the outcome."""
    outcome = published_outcome(engagement)
    if outcome is None:
        raise ValueError("Only an engagement with a published outcome has this card.")
    return {
        "url": address(engagement) + "#outcome",
        "title": engagement.title,
        "words": engagement.title_words,
        "owner": engagement.owner.name,
        "did": {language: _opening(text) for language, text in outcome.text.items()},
        "at": outcome.published_at,
        "count": counts.get(engagement.pk, 0),
    }


def _opening(text: str, limit: int = 180) -> str:
    """The first paragraph, cut at the last sentence or word that fits."""
    first = text.strip().split("\n", 1)[0].strip()
    if len(first) <= limit:
        return first
    cut = first[:limit]
    ends = max(cut.rfind(mark) for mark in ("。", "！", "？", ". ", "! ", "? "))
    if ends > limit // 3:
        return cut[: ends + 1].strip()
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip("，,、;； ") + "…"
