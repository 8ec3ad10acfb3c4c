"""What people said: for everybody, the same bytes, kept by the application until something moves.

While results are sealed the pages say so and when they open; nothing of an answer is read at all.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, page_cache, texts
from core.cells import harmless
from core.exceptions import Absent
from feedback import said, said_answers
from participation import live
from participation.access import access_engagement
from participation.models import Ballot, Engagement
from participation.policies import can_see_results, require
from participation.register import counts_by_thread
from participation.stages import midnight_after
from participation.views.shared import about, language
from questionnaires.loading import MAIN
from questionnaires.models import Questionnaire

FILTERS = ("question", "capacity", "option")


def _keep(response: HttpResponse, engagement: Engagement, now: dt.datetime) -> HttpResponse:
    """Keep the page until the engagement moves, or its next moment passes."""
    moments = [engagement.opens_at, engagement.closes_at, midnight_after(now)]
    return page_cache.keep(
        response,
        tags=[live.tag(engagement)],
        now=now,
        until=min(each for each in moments if each and each > now),
    )


def _asks(engagement: Engagement) -> bool:
    return Questionnaire.objects.filter(
        engagement=engagement, key=MAIN, published_at__isnull=False
    ).exists()


@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The register's sum, and once results are open every question with its counts."""
    engagement = access_engagement(public_id)
    now = clock.now()
    verdict = can_see_results(engagement=engagement, now=now)
    sums = said.register_sum(engagement)
    context: dict[str, Any] = {
        **about(engagement),
        "verdict": verdict,
        "sums": sums,
        "sum_lines": said.register_lines(sums),
        "asks": _asks(engagement),
        "statements": Ballot.objects.filter(engagement=engagement, kind="statement").exists(),
        "comments": sum(counts_by_thread(engagement).values()),
        "attribution": texts.pick(engagement.attribution),
        "anyone": int(engagement.levels.get("answer", 1)) == 0,
    }
    context["state"] = context["stage"].value
    if context["asks"] and verdict.allowed:
        named = said.organisations(engagement)
        context["figures"] = said.figures(engagement, language())
        context["organisations"] = named[: said.ORGANISATIONS]
        context["more_organisations"] = len(named) > said.ORGANISATIONS
    return _keep(render(request, "feedback/said/page.html", context), engagement, now)


def _filters(request: HttpRequest, engagement: Engagement) -> said_answers.Filters:
    return said_answers.read_filters(
        engagement, {name: request.GET.get(name, "") for name in FILTERS}
    )


def _query(request: HttpRequest) -> str:
    """The filters in use, for the address of the file."""
    return urlencode({name: request.GET[name] for name in FILTERS if request.GET.get(name)})


@require_safe
def answers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Published answers, filtered; withheld ones as stubs. Absent where nothing is asked."""
    engagement = access_engagement(public_id)
    if not _asks(engagement):
        raise Absent
    now = clock.now()
    verdict = can_see_results(engagement=engagement, now=now)
    context = {**about(engagement), "verdict": verdict}
    if verdict.allowed:
        filters = _filters(request, engagement)
        context |= {
            "filters": filters,
            "option_groups": filters.option_groups(language()),
            "shown": said_answers.answer_page(engagement, filters, request.GET.get("page") or "1"),
            "filtered": bool(filters.question or filters.capacity or filters.option),
            "query": _query(request),
        }
    return _keep(render(request, "feedback/said/answers.html", context), engagement, now)


@require_safe
def answer(request: HttpRequest, public_id: str, answer_id: str) -> HttpResponse:
    """One answer at its own address. Absent while results are sealed, as if it were not there."""
    engagement = access_engagement(public_id)
    now = clock.now()
    if not can_see_results(engagement=engagement, now=now).allowed:
        raise Absent
    item = said_answers.access_answer(engagement, answer_id)
    context = {**about(engagement), "item": item}
    return _keep(render(request, "feedback/said/answer.html", context), engagement, now)


def _file(name: str, rows: Iterable[list[Any]], engagement: Engagement) -> HttpResponse:
    """A CSV file that no spreadsheet runs; its last line is the attribution."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Spreadsheets take a file without this mark for another encoding.
    response.write("\ufeff")
    table = csv.writer(response)
    for row in rows:
        table.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    if engagement.attribution:
        table.writerow([])
        table.writerow([harmless(texts.pick(engagement.attribution).text)])
    return response


@require_safe
def figures_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The counts of the page as a file. Raises Closed while results are sealed."""
    engagement = access_engagement(public_id)
    now = clock.now()
    require(can_see_results(engagement=engagement, now=now))
    if not _asks(engagement):
        raise Absent
    found = said.figures(engagement, language())
    response = _file(f"said-{public_id}.csv", _figure_rows(found), engagement)
    return _keep(response, engagement, now)


def _figure_rows(found: said.Figures) -> Iterable[list[Any]]:
    yield ["question", "title", "kind", "answer", "count", "share", "n", "responses", "as_at"]
    as_at = found.as_at.isoformat(timespec="seconds") if found.as_at else ""
    for one in found.questions:
        head = [one.anchor, one.title.text, one.question.kind]
        n = "hidden" if one.n is None else one.n
        tail = [n, found.responses, as_at]
        yield [*head, "", n, "", *tail]
        for line in one.lines:
            hidden: list[Any] = ["hidden", "hidden"]
            shown = hidden if line.count is None else [line.count, line.share]
            yield [*head, line.label.text, *shown, *tail]


@require_safe
def answers_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The filtered answers as a file, the newest first, up to a stated number of rows."""
    engagement = access_engagement(public_id)
    now = clock.now()
    require(can_see_results(engagement=engagement, now=now))
    if not _asks(engagement):
        raise Absent
    rows = said_answers.chosen_answers(engagement, _filters(request, engagement))
    response = _file(f"answers-{public_id}.csv", _answer_rows(rows), engagement)
    return _keep(response, engagement, now)


def _answer_rows(rows: Any) -> Iterable[list[Any]]:
    yield ["id", "question", "title", "state", "capacity", "name", "language", "at", "text"]
    items = said_answers.dress(list(rows[: said_answers.FILE_ROWS + 1]))
    for item in items[: said_answers.FILE_ROWS]:
        answer = item.answer
        yield [
            answer.public_id,
            answer.question.anchor,
            texts.pick(item.title).text,
            answer.state,
            answer.response.capacity,
            item.name,
            item.language,
            answer.response.contribution.received_at.isoformat(timespec="seconds"),
            item.text,
        ]
    if len(items) > said_answers.FILE_ROWS:
        yield ["more", "filter by question for the rest"]
