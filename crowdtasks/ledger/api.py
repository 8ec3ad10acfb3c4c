"""The API's own points: the balance and the statement. Nobody reads another's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from accounts.api_auth import caller_of
from core.api import MOST, READING, Texts, answer, moment, texts
from crowdtasks.ledger.lines import about, title_of
from crowdtasks.ledger.reading import PAGE, Line, balance_of, holds_of, statement

router = Router(tags=["points"])
_REFUSED = {status: READING[status] for status in (401, 422, 429)}
MOST_HOLDS = 100


class HeldOut(Schema):
    """Points that are not to spend yet: until a time, until a review, or both."""

    points: int
    until: str | None
    review: bool
    engagement: str | None


class PointsOut(Schema):
    """What one has. ``expiring`` of the available points expire at ``next_expiry`` unless spent."""

    available: int
    pending: int
    next_expiry: str | None
    expiring: int
    held: list[HeldOut]


class LineOut(Schema):
    """One line: the changes, and what could be spent after it (null where it did not change)."""

    id: str
    at: str
    kind: str
    available: int
    pending: int
    left: int | None
    engagement: str | None
    title: Texts
    reason: str


class PointsStatementOut(Schema):
    """One page, the newest first. ``older`` asks for the next one, null on the last."""

    items: list[LineOut]
    older: str | None


class StatementQuery(Schema):
    """``before`` is another page's ``older``."""

    before: str = Field("", max_length=20)
    limit: int = Field(PAGE, ge=1, le=MOST)


@router.get("/points", response={200: PointsOut, **_REFUSED}, url_name="own-points")
def own_points(request: HttpRequest) -> HttpResponse:
    """One's points: to spend, held, and what expires next."""
    _account, person = caller_of(request).require()
    balance = balance_of(person)
    held = holds_of(person)[:MOST_HOLDS] if balance.pending else []
    return answer(
        {
            "available": balance.available,
            "pending": balance.pending,
            "next_expiry": moment(balance.next_expiry),
            "expiring": balance.expiring,
            "held": [
                {
                    "points": hold.points,
                    "until": moment(hold.until),
                    "review": hold.review,
                    "engagement": hold.entry.engagement.public_id
                    if hold.entry.engagement
                    else None,
                }
                for hold in held
            ],
        }
    )


@router.get(
    "/points/statement", response={200: PointsStatementOut, **_REFUSED}, url_name="own-statement"
)
def own_statement(request: HttpRequest, query: Query[StatementQuery]) -> HttpResponse:
    """One's statement, page by page; every line explains itself."""
    _account, person = caller_of(request).require()
    page = statement(person, query.before, size=query.limit)
    return answer({"items": [_line(line) for line in page.lines], "older": page.older or None})


def _line(line: Line) -> dict[str, Any]:
    engagement = about(line.entry)
    return {
        "id": line.entry.public_id,
        "at": moment(line.entry.at),
        "kind": line.entry.kind,
        "available": line.available,
        "pending": line.pending,
        "left": line.left,
        "engagement": engagement.public_id if engagement is not None else None,
        "title": texts(title) if (title := title_of(line)) else {},
        "reason": line.entry.reason,
    }
