"""The home page of a language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consultations.cards import cards, mixed_cards, outcome_card, received_counts
from consultations.home import gather
from core import clock, page_cache
from core.texts import known_language
from participation import faces, live
from participation.live import REGISTER_TAG


def home(request: HttpRequest, page: Any, mode: str = "") -> HttpResponse:
    """Everything for everybody: no token, no name (decision 8). ``page`` is the HomePage."""
    now = clock.now()
    shown = gather(now)
    language = known_language(page.locale.language_code)
    statement = None
    if shown.statement:
        engagement = shown.statement.engagement
        base = f"/{language}/e/{engagement.public_id}/statements/"
        statement = {
            "text": shown.statement.text,
            "owner": engagement.owner.name,
            "title": engagement.title,
            "url": f"{base}?statement={shown.statement.public_id}",
            "all": base,
        }
    indexes = [
        {"href": f"/{language}/{face.index}", "text": face.index_title} for face in faces.everyone()
    ]
    response = render(
        request,
        "consultations/home.html",
        {
            "page": page,
            "home": shown,
            "statement": statement,
            "closing": mixed_cards(shown.closing, now),
            "open": mixed_cards(shown.open, now),
            "upcoming": mixed_cards(shown.upcoming, now),
            "outcomes": _outcomes(shown.outcomes),
            "owed": [
                {
                    "url": row["url"],
                    "title": row["title"],
                    "owner": row["owner"],
                    "due": row["outcome_due"],
                }
                for row in cards([item.engagement for item in shown.owed], now)
            ],
            "said": _said(shown.said, language),
            "indexes": indexes,
            "empty_links": [
                {"href": f"/{language}/about/how/", "text": _("How taking part works")},
                *indexes,
            ],
        },
    )
    if mode:
        return response
    # The statement's own tag too: withheld, it must not stand here until the page grows old.
    # Of the answers too: the count goes on.
    told = [shown.statement.engagement] if shown.statement else []
    told += [shown.said] if shown.said else []
    tags = [REGISTER_TAG, *(live.tag(one) for one in told)]
    return page_cache.keep(response, tags=tags, now=now, until=shown.until)


def _said(engagement: Any, language: str) -> dict[str, Any] | None:
    if engagement is None:
        return None
    return {
        "title": engagement.title,
        "owner": engagement.owner.name,
        "responses": engagement.responses,
        "url": f"/{language}/e/{engagement.public_id}/said/",
    }


def _outcomes(engagements: list[Any]) -> list[dict[str, Any]]:
    counts = received_counts(engagements)
    return [outcome_card(engagement, counts) for engagement in engagements]
