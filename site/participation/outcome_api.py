"""The API's outcomes: what the public page shows, each text in the languages it was written in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Schema

from core import clock
from core.api import READING, Texts, answer, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from core.texts import known_language
from participation import timeline
from participation.access import access_outcome
from participation.models import Engagement, Outcome
from participation.outcome_reading import ItemView, Quote, answered_late, public_items
from participation.stages import Stage, stage

router = Router(tags=["outcomes"])


class TargetOut(Schema):
    """What a part answers to. ``kind``: whole, chapter, statement, groups, question.

    ``key`` is a statement's id, a question's key or the anchor of a chapter; '' for the whole.
    ``title`` is empty for something that is not in the paper any more.
    """

    kind: str
    key: str
    title: Texts
    pages: Texts


class OutcomeFigureOut(Schema):
    """A figure of what people said. ``value`` is null where it is too small to be told.

    ``key``: received, published, comments, responses, statements, voters, agree, disagree, pass,
    answers; option, group or shared with what it counts in ``label``.
    """

    key: str
    label: Texts
    value: int | None
    of: int | None


class OutcomeQuoteOut(Schema):
    """A text that a part rests on, as it is public now.

    ``contribution`` is the id of the comment or statement, ``answer`` of the answer to a question:
    answers of one response are never joined. ``hidden`` says why nothing is quoted any more
    (withheld, withdrawn, erased, hidden, sealed): then everything else is null.
    """

    contribution: str | None
    answer: str | None
    text: str | None
    language: str | None
    author: str | None
    name_withheld: bool
    page: str | None
    hidden: str | None


class OutcomePartOut(Schema):
    """We asked, you said, we did. The last is empty until the outcome is published.

    ``sealed``: results were sealed when the figures were taken.
    """

    id: str
    target: TargetOut
    asked: Texts
    said: Texts
    figures: list[OutcomeFigureOut]
    figures_as_at: str | None
    sealed: bool
    quotes: list[OutcomeQuoteOut]
    verdict: str | None
    decided: Texts
    why: Texts
    change: Texts
    change_on: str | None


class DelayOut(Schema):
    """Why an answer is late; ``expected`` is the day it is now promised for."""

    reason: Texts
    at: str
    expected: str | None


class OutcomeOut(Schema):
    """What came of it, as the bureau published it.

    ``heard_at`` alone: what was heard is public, nothing is decided (``published_at`` is null).
    ``text`` is the short answer. ``days_late`` is how late it came.
    """

    consultation: str
    heard_at: str | None
    published_at: str | None
    response_due: str | None
    days_late: int
    delay: DelayOut | None
    text: Texts
    parts: list[OutcomePartOut]


@router.get(
    "/consultations/{public_id}/outcome",
    response={200: OutcomeOut, **READING},
    url_name="outcome",
)
def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was heard and, once published, what was decided; not found before either."""
    if not is_public_id(public_id):
        raise Absent
    engagement, row = access_outcome(public_id)
    language = known_language(get_language())
    due = engagement.response_due
    return answer(
        {
            "consultation": engagement.public_id,
            "heard_at": moment(row.heard_at),
            "published_at": moment(row.published_at),
            "response_due": due.isoformat() if due else None,
            "days_late": answered_late(engagement, row),
            "delay": _delay(engagement, row),
            "text": texts(row.text) if row.published_at else {},
            "parts": [_part(view) for view in public_items(engagement, row, language)],
        }
    )


def _delay(engagement: Engagement, row: Outcome) -> dict[str, Any] | None:
    """Told where the page tells it: the answer came late, or is overdue."""
    late = answered_late(engagement, row)
    if not late and stage(engagement, clock.now()) is not Stage.OUTCOME_OVERDUE:
        return None
    found = timeline.reason_for_delay(engagement)
    if found is None:
        return None
    expected = found.expected if row.published_at is None else None
    return {
        "reason": texts(found.text),
        "at": moment(found.at),
        "expected": expected.isoformat() if expected else None,
    }


def _part(view: ItemView) -> dict[str, Any]:
    item, target = view.item, view.target
    lines = zip(view.figures, item.figures.get("rows", ()), strict=True)
    return {
        "id": item.public_id,
        "target": {
            "kind": item.target_kind,
            "key": (target.api_key if target else "") or item.target_key,
            "title": texts(target.title) if target else {},
            "pages": {code: _page(path) for code, path in (target.path if target else {}).items()},
        },
        "asked": {} if view.withheld else texts(item.asked),
        "said": texts(item.said),
        "figures": [
            {
                "key": row["key"],
                "label": {} if line.withheld else texts(row.get("label")),
                "value": line.value,
                "of": line.of,
            }
            for line, row in lines
        ],
        "figures_as_at": moment(view.as_at) if view.figures else None,
        "sealed": view.sealed,
        "quotes": [_quote(quote) for quote in view.quotes],
        **_decision(view),
    }


def _decision(view: ItemView) -> dict[str, Any]:
    """Nothing of it while the outcome waits for its approval."""
    item = view.item
    if not view.decided:
        nothing: dict[str, str] = {}
        return {
            "verdict": None,
            "decided": nothing,
            "why": nothing,
            "change": nothing,
            "change_on": None,
        }
    return {
        "verdict": item.verdict or None,
        "decided": texts(item.decided),
        "why": texts(item.why),
        "change": texts(item.change),
        "change_on": item.change_on.isoformat() if item.change_on else None,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    if quote.reason:
        blank = dict.fromkeys(("contribution", "answer", "text", "language", "author", "page"))
        return {**blank, "name_withheld": False, "hidden": quote.reason}
    return {
        # The id of a response would join its answers, which are cleared and shown one by one.
        "contribution": None if quote.part else quote.public_id,
        "answer": quote.part or None,
        "text": quote.text,
        "language": quote.language,
        "author": "" if quote.name_withheld else quote.name,
        "name_withheld": quote.name_withheld,
        "page": _page(quote.path) if quote.path else None,
        "hidden": None,
    }


def _page(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
