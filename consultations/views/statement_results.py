"""Results of statements: counts by last vote, the same bytes for everyone; also as CSV."""

import csv
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from consultations.models import Statement
from consultations.statements import (
    SORTS,
    Counts,
    sort_results,
    tally,
    voters_of,
)
from consultations.views.statements import about
from core import clock, page_cache
from core.exceptions import Absent
from core.texts import pick
from participation.access import access_engagement
from participation.models import Engagement
from participation.policies import can_see_results, is_officer_of, require

PAGE_SIZE = 50
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def _row(statement: Statement, counts: Counts, *, with_text: bool) -> dict[str, Any]:
    """One line of the table; the words only where they may be read."""
    return {
        "id": statement.public_id,
        "state": statement.state,
        "retired": statement.retired_at is not None,
        "imported": bool(statement.import_id),
        "texts": statement.text if with_text else {},
        "text": statement.text if with_text else {},
        "agree": counts.agree,
        "disagree": counts.disagree,
        "pass": counts.passed,
        "voters": counts.voters,
    }


def _rows(engagement: Engagement, order: str, *, officer: bool) -> list[dict[str, Any]]:
    """Every statement for an officer; for the public without held ones, withheld ones as stubs."""
    rows = [
        (statement, counts)
        for statement, counts in tally(engagement)
        if officer or statement.state != "held"
    ]
    return [
        _row(statement, counts, with_text=officer or statement.state == "published")
        for statement, counts in sort_results(rows, order)
    ]


def _order(request: HttpRequest) -> str:
    order = request.GET.get("sort") or SORTS[0]
    if order not in SORTS:
        raise Absent
    return order


def _sorts() -> list[tuple[str, str]]:
    return [("agreement", _("Agreement")), ("division", _("Division")), ("votes", _("Votes"))]


def _context(request: HttpRequest, engagement: Engagement, *, officer: bool) -> dict[str, Any]:
    order, now = _order(request), clock.now()
    verdict = can_see_results(engagement=engagement, now=now)
    rows = _rows(engagement, order, officer=officer) if verdict.allowed else []
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        **about(engagement),
        "verdict": verdict,
        "sort": order,
        "sorts": _sorts(),
        "page": page,
        "total": len(rows),
        "voters": voters_of(engagement),
        "now": now,
        "officer": officer,
    }


@require_safe
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """For everybody, without anything of the reader. Sealed: the turnout and when it opens."""
    engagement = access_engagement(public_id)
    context = _context(request, engagement, officer=False)
    response = render(request, "consultations/statements/results.html", context)
    moments = [each for each in (engagement.opens_at, engagement.closes_at) if each]
    until = min((each for each in moments if each > context["now"]), default=None)
    tags = [f"e.{engagement.public_id}"]
    return page_cache.keep(response, tags=tags, now=context["now"], until=until)


@never_cache
@require_safe
def all_results(request: HttpRequest, public_id: str) -> HttpResponse:
    """For officers of the bureau: withheld and held statements with their words, marked."""
    engagement = access_engagement(public_id)
    if not is_officer_of(current_account(request), engagement):
        raise Absent
    context = _context(request, engagement, officer=True)
    return render(request, "consultations/statements/results.html", context)


@require_safe
def csv_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public table as a file. Raises Closed while results are sealed or not yet open."""
    engagement = access_engagement(public_id)
    require(can_see_results(engagement=engagement, now=clock.now()))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"statements-{engagement.public_id}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Spreadsheets take a file without this mark for another encoding.
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["id", "state", "language", "statement", "agree", "disagree", "pass", "voters"])
    for row in _rows(engagement, _order(request), officer=False):
        text = pick(row["texts"])
        table.writerow(
            [
                row["id"],
                row["state"],
                text.language if text else "",
                _harmless(text.text),
                row["agree"],
                row["disagree"],
                row["pass"],
                row["voters"],
            ]
        )
    if engagement.attribution:
        table.writerow([])
        table.writerow([_harmless(pick(engagement.attribution).text)])
    return response


def _harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
