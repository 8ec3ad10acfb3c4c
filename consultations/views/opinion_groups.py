"""Opinion groups: who answers alike, as a map and as tables; the same bytes for everyone."""

from __future__ import annotations

import csv
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations.models import OpinionGrouping, Statement
from consultations.opinion_map import LETTERS, draw, key_shape
from consultations.opinions import groups_tag
from consultations.views.statement_results import keep_results
from consultations.views.statements import about
from core import clock
from core.cells import harmless
from core.exceptions import Absent
from core.texts import pick
from participation.access import access_engagement
from participation.models import Engagement
from participation.policies import can_see_results, require

PAGE_SIZE = 50
#: Silhouettes above these are called clear and partial, as is usual.
CLEAR, PARTIAL = 0.5, 0.25


def _statements(engagement: Engagement) -> dict[str, Statement]:
    """Those whose words may be read now, whatever may have been when the groups were made."""
    rows = engagement.statements.filter(state="published").order_by("order", "pk")
    return {each.public_id: each for each in rows}


def _groups(data: dict[str, Any], statements: dict[str, Statement]) -> list[dict[str, Any]]:
    placed = sum(each["people"] for each in data["groups"])
    return [
        {
            "letter": LETTERS[place],
            "place": place,
            "shape": key_shape(place),
            "people": each["people"],
            "shown": placed,
            "outline": each["outline"],
            "marks": [
                {
                    "texts": statements[mark["statement"]].text,
                    "side": mark["side"],
                    "own": mark["own"],
                    "others": mark["others"],
                }
                for mark in each["marks"]
                if mark["statement"] in statements
            ],
        }
        for place, each in enumerate(data["groups"])
    ]


def _rows(data: dict[str, Any], statements: dict[str, Statement]) -> list[dict[str, Any]]:
    """Every statement with its figures by group: what all agree with most first, then the rest."""
    order = {public_id: place for place, public_id in enumerate(statements)}
    found = [row for row in data["statements"] if row["statement"] in statements]
    found.sort(key=lambda row: (-(row["consensus"] or 0), order[row["statement"]]))
    return [
        {
            "id": row["statement"],
            "texts": statements[row["statement"]].text,
            "consensus": row["consensus"],
            "cells": [
                {
                    "letter": LETTERS[place],
                    "agree": each[0],
                    "disagree": each[1],
                    "pass": each[2],
                    "people": sum(each),
                }
                if each
                else {"letter": LETTERS[place], "people": 0}
                for place, each in enumerate(row["counts"])
            ],
        }
        for row in found
    ]


def _context(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    now = clock.now()
    verdict = can_see_results(engagement=engagement, now=now)
    context = {**about(engagement), "verdict": verdict, "now": now, "grouping": None}
    grouping = None
    if verdict.allowed:
        grouping = OpinionGrouping.objects.filter(engagement=engagement).first()
    if grouping is None or not grouping.data["groups"]:
        return {**context, "grouping": grouping, "groups": []}
    data, statements = grouping.data, _statements(engagement)
    rows = _rows(data, statements)
    cells = {row["id"]: row["cells"] for row in rows}
    groups = _groups(data, statements)
    apart = data["silhouette"]
    return {
        **context,
        "grouping": grouping,
        "groups": groups,
        "shown": groups[0]["shown"],
        "small": grouping.placed - groups[0]["shown"],
        "unplaced": grouping.people - grouping.placed,
        "map": draw(data["groups"]),
        "apart": "clearly" if apart >= CLEAR else "partly" if apart >= PARTIAL else "hardly",
        "explained": round(100 * sum(data["explained"])),
        "shared": [
            {
                **each,
                "texts": statements[each["statement"]].text,
                "cells": [
                    {**cell, "part": cell[each["side"]]} for cell in cells[each["statement"]]
                ],
            }
            for each in data["shared"]
            if each["statement"] in statements
        ],
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
    }


@require_safe
def groups(request: HttpRequest, public_id: str) -> HttpResponse:
    """For everybody, without anything of the reader; sealed as the results are."""
    engagement = access_engagement(public_id)
    context = _context(request, engagement)
    response = render(request, "consultations/statements/groups.html", context)
    return keep_results(response, engagement, context["now"], groups_tag(engagement))


@require_safe
def csv_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The table as a file. Raises Closed while sealed, Absent while there are no groups."""
    engagement = access_engagement(public_id)
    now = clock.now()
    require(can_see_results(engagement=engagement, now=now))
    grouping = OpinionGrouping.objects.filter(engagement=engagement).first()
    if grouping is None or not grouping.data["groups"]:
        raise Absent
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"opinion-groups-{engagement.public_id}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Spreadsheets take a file without this mark for another encoding.
    response.write("\ufeff")
    table = csv.writer(response)
    letters = LETTERS[: len(grouping.data["groups"])]
    sides = ("agree", "disagree", "pass")
    columns = [f"group {letter} {side}" for letter in letters for side in sides]
    table.writerow(["id", "language", "statement", "consensus", *columns])
    for row in _rows(grouping.data, _statements(engagement)):
        text = pick(row["texts"])
        figures = [cell.get(side, "") for cell in row["cells"] for side in sides]
        consensus = "" if row["consensus"] is None else row["consensus"]
        language = text.language if text else ""
        table.writerow([row["id"], language, harmless(text.text), consensus, *figures])
    table.writerow([])
    for letter, group in zip(letters, grouping.data["groups"], strict=True):
        table.writerow([f"group {letter}", group["people"]])
    table.writerow(["as at", grouping.at.isoformat(timespec="seconds")])
    if engagement.attribution:
        table.writerow([harmless(pick(engagement.attribution).text)])
    return keep_results(response, engagement, now, groups_tag(engagement))
