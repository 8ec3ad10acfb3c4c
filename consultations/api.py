"""The API's consultations, their statements and votes."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from accounts.api import BureauOut, show_bureau
from accounts.api_auth import caller_of
from consultations.access import access_statement
from consultations.models import Statement
from consultations.register import StateFilter, consultations, ordered, search
from consultations.statements import NONE, counts_of, is_sealed
from core import clock, limits
from core.api import READING, WRITING, Listed, PageQuery, Texts, answer, listed, moment, texts
from core.exceptions import Absent
from core.ids import is_public_id
from participation.access import access_engagement
from participation.actions.votes import cast_vote, choice_from_form
from participation.models import Engagement, Vote
from participation.partners_api import show_partners
from participation.stages import days_late, stage

router = Router(tags=["consultations"])
CHOICES = {1: "agree", 0: "pass", -1: "disagree"}


class ConsultationOut(Schema):
    """A consultation. ``closes_at`` is exclusive; ``pages`` are its public addresses.

    ``sealed``: results are told to nobody until the moment the bureau stated. ``partners`` are the
    bodies that run it with the bureau and read what comes in.
    """

    id: str
    kind: str
    title: Texts
    summary: Texts
    bureau: BureauOut
    partners: list[BureauOut]
    state: str
    opens_at: str | None
    closes_at: str | None
    response_due: str | None
    days_late: int
    file_number: str
    topics: list[str]
    districts: list[str]
    sealed: bool
    pages: Texts


class ConsultationQuery(PageQuery):
    """Filters narrow each other. ``state`` as in the register of the pages."""

    state: Literal["open", "closing", "upcoming", "closed", "owed", "outcome"] | None = None
    bureau: str | None = None
    q: str = ""


class StatementOut(Schema):
    """A statement that takes votes. ``votes`` is null while results are sealed."""

    id: str
    text: Texts
    votes: dict[str, int] | None


class VoteIn(Schema):
    """A choice; the last one counts."""

    choice: Literal["agree", "disagree", "pass"]


class VoteOut(Schema):
    """The one receipt for all of this person's votes here, and what was chosen."""

    receipt: str
    statement: str
    choice: str


class OwnVoteOut(Schema):
    """An own choice that stands."""

    statement: str
    choice: str
    cast_at: str


def show_consultation(engagement: Engagement) -> dict[str, Any]:
    """One consultation; needs owner and outcome loaded."""
    now = clock.now()
    origin = settings.SITE_URL.rstrip("/")
    due = engagement.response_due
    return {
        "id": engagement.public_id,
        "kind": engagement.kind,
        "title": texts(engagement.title),
        "summary": texts(engagement.summary),
        "bureau": show_bureau(engagement.owner),
        "partners": show_partners(engagement),
        "state": stage(engagement, now).value,
        "opens_at": moment(engagement.opens_at),
        "closes_at": moment(engagement.closes_at),
        "response_due": due.isoformat() if due else None,
        "days_late": days_late(engagement, now),
        "file_number": engagement.file_number,
        "topics": engagement.topics,
        "districts": engagement.districts,
        "sealed": is_sealed(engagement, now),
        "pages": {language: origin + path for language, path in (engagement.paths or {}).items()},
    }


@router.get(
    "/consultations",
    response={200: Listed[ConsultationOut], **READING},
    url_name="consultations",
)
def consultation_list(request: HttpRequest, query: Query[ConsultationQuery]) -> HttpResponse:
    """Public consultations: open ones first, by the close; then upcoming; then past."""
    now = clock.now()
    if query.q:
        limits.spend("search", limits.address(request))
    rows = search(consultations(), query.q[:100])
    if query.bureau is not None:
        if not query.bureau.isprintable():
            raise Absent
        rows = rows.filter(owner__slug=query.bureau[:60])
    if query.state is not None:
        states = StateFilter(query.state).narrow(Engagement.objects, now)
        rows = rows.filter(pk__in=states.values("pk"))
    rows = ordered(rows, now).prefetch_related("partners")
    return listed(request, rows, query, lambda found: map(show_consultation, found))


@router.get(
    "/consultations/{public_id}",
    response={200: ConsultationOut, **READING},
    url_name="consultation",
)
def consultation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One consultation, upcoming, open or past."""
    return answer(show_consultation(_engagement(public_id)))


@router.get(
    "/consultations/{public_id}/statements",
    response={200: Listed[StatementOut], **READING},
    url_name="statements",
)
def statements(request: HttpRequest, public_id: str, query: Query[PageQuery]) -> HttpResponse:
    """The statements one may vote on, in their own order."""
    engagement = _engagement(public_id)
    rows = Statement.objects.filter(engagement=engagement, state="published", retired_at=None)
    counts = None if is_sealed(engagement, clock.now()) else counts_of(engagement)

    def show(found: list[Statement]) -> list[dict[str, Any]]:
        return [
            {"id": row.public_id, "text": texts(row.text), "votes": _votes(row, counts)}
            for row in found
        ]

    return listed(request, rows, query, show)


def _votes(row: Statement, counts: Any) -> dict[str, int] | None:
    if counts is None:
        return None
    found = counts.get(row.ballot_id, NONE)
    return {"agree": found.agree, "disagree": found.disagree, "pass": found.passed}


@router.put(
    "/statements/{public_id}/vote",
    response={200: VoteOut, **WRITING},
    url_name="vote",
)
def vote(request: HttpRequest, public_id: str, body: VoteIn) -> HttpResponse:
    """Vote, or change one's vote. The same again changes nothing and gives the same receipt."""
    caller = caller_of(request)
    _account, person = caller.require()
    if not is_public_id(public_id):
        raise Absent
    row = Statement.objects.filter(public_id=public_id).select_related("engagement").first()
    if row is None:
        raise Absent
    statement = access_statement(access_engagement(row.engagement.public_id), public_id)
    receipt = cast_vote(
        ballot=statement.ballot, person=person, choice=choice_from_form(body.choice), channel="api"
    )
    return answer(
        {"receipt": receipt.code, "statement": statement.public_id, "choice": body.choice}
    )


@router.get(
    "/consultations/{public_id}/votes",
    response={200: Listed[OwnVoteOut], **READING},
    url_name="votes",
)
def own_votes(request: HttpRequest, public_id: str, query: Query[PageQuery]) -> HttpResponse:
    """One's own choices here, by the statements' order."""
    caller = caller_of(request)
    _account, person = caller.require()
    rows = (
        Vote.objects.filter(ballot__engagement=_engagement(public_id), person=person)
        .filter(ballot__statement__isnull=False)
        .select_related("ballot__statement")
        .order_by("ballot__statement__order", "ballot__statement__pk")
    )

    def show(found: list[Vote]) -> list[dict[str, Any]]:
        return [
            {
                "statement": row.ballot.statement.public_id,
                "choice": CHOICES[row.choice],
                "cast_at": moment(row.cast_at),
            }
            for row in found
        ]

    return listed(request, rows, query, show)


def _engagement(public_id: str) -> Engagement:
    if not is_public_id(public_id):
        raise Absent
    return access_engagement(public_id)
