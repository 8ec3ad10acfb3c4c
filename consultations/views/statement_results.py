"""Results of statements: counts by last vote, the same bytes for everyone; also as CSV."""

import csv
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from consultations.models import Statement
from consultations.statements import NONE, SORTS, Counts, Standing, standing
from consultations.views.statements import about
from core import clock, page_cache
from core.cells import harmless
from core.exceptions import Absent
from core.texts import pick
from participation import live
from participation.access import access_engagement
from participation.models import Engagement
from participation.policies import can_see_results, is_officer_of, require

PAGE_SIZE = 50


def _ranks(engagement: Engagement, kept: Standing, *, officer: bool) -> list[tuple[int, Counts]]:
    """Every statement for an officer; for the public without held ones, withheld ones as stubs.

    Which may be seen is asked now, whenever they were counted; what was put since comes last.
    """
    rows = engagement.statements.order_by("order", "pk")
    if not officer:
        rows = rows.exclude(state="held")
    seen = dict.fromkeys(rows.values_list("ballot_id", flat=True), NONE)
    counted = {pk: counts for pk, counts in kept.ranks.items() if pk in seen}
    return list({**counted, **{pk: NONE for pk in seen if pk not in counted}}.items())


def _rows(ranks: Iterable[tuple[int, Counts]], *, officer: bool) -> list[dict[str, Any]]:
    """The lines of the table for these ranks: one query for their statements."""
    found = list(ranks)
    statements = Statement.objects.select_related("contribution").in_bulk(
        [pk for pk, _counts in found], field_name="ballot_id"
    )
    return [_row(statements[pk], counts, officer=officer) for pk, counts in found]


def _row(statement: Statement, counts: Counts, *, officer: bool) -> dict[str, Any]:
    """One line of the table; the words only where they may be read.

    ``report``: what a reader reports, of what a citizen wrote and everybody may read.
    """
    written = statement.contribution if statement.state == "published" else None
    return {
        "report": written.public_id if written else "",
        "id": statement.public_id,
        "state": statement.state,
        "retired": statement.retired_at is not None,
        "imported": bool(statement.import_id),
        "texts": statement.text if officer or statement.state == "published" else {},
        "agree": counts.agree,
        "disagree": counts.disagree,
        "pass": counts.passed,
        "voters": counts.voters,
    }


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
    kept = standing(engagement, order, now, sealed=not verdict.allowed)
    ranks = _ranks(engagement, kept, officer=officer) if verdict.allowed else []
    pages = Paginator(ranks, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    return {
        **about(engagement),
        "verdict": verdict,
        "sort": order,
        "sorts": _sorts(),
        "page": page,
        "rows": _rows(page, officer=officer),
        "total": pages.count,
        "voters": kept.voters,
        "counted_at": kept.at,
        "now": now,
        "officer": officer,
    }


@require_safe
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """For everybody, without anything of the reader. Sealed: the turnout and when it opens."""
    engagement = access_engagement(public_id)
    context = _context(request, engagement, officer=False)
    response = render(request, "consultations/statements/results.html", context)
    return keep_results(response, engagement, context["now"])


def keep_results(
    response: HttpResponse, engagement: Engagement, now: dt.datetime, *tags: str
) -> HttpResponse:
    """Keep a public answer of results until something changes, at most to the next opening or
    close: only then may they be seen, or seen no more, by time alone."""
    moments = [each for each in (engagement.opens_at, engagement.closes_at) if each]
    until = min((each for each in moments if each > now), default=None)
    return page_cache.keep(response, tags=[live.tag(engagement), *tags], now=now, until=until)


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
    now = clock.now()
    require(can_see_results(engagement=engagement, now=now))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"statements-{engagement.public_id}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Spreadsheets take a file without this mark for another encoding.
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["id", "state", "language", "statement", "agree", "disagree", "pass", "voters"])
    kept = standing(engagement, _order(request), now)
    for row in _rows(_ranks(engagement, kept, officer=False), officer=False):
        text = pick(row["texts"])
        table.writerow(
            [
                row["id"],
                row["state"],
                text.language if text else "",
                harmless(text.text),
                row["agree"],
                row["disagree"],
                row["pass"],
                row["voters"],
            ]
        )
    if engagement.attribution:
        table.writerow([])
        table.writerow([harmless(pick(engagement.attribution).text)])
    return keep_results(response, engagement, now)
