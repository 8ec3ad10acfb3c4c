"""What is looked for, for administrators, under /cms/searches/."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from core import clock
from core.cells import harmless
from core.disclosure import LEAST
from core.exceptions import Absent, Invalid, Unavailable
from core.texts import known_language
from search.filters import read_filters
from search.insight import reading
from search.insight.counting import day_of
from search.insight.forms import WhyForm, read_period
from search.insight.policies import can_see_searches
from search.insight.reading import Period
from search.insight.why import explain

#: Rows of a table on the page, and in a file.
SHOWN, FILED = 50, 5000
View = Callable[..., HttpResponse]
Cells = list[str | int]


def administrators(view: View) -> View:
    """For everybody else there is nothing here."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_see_searches(current_account(request)):
            raise Absent
        return view(request, *args, **kwargs)

    return wrapped


@administrators
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """What was asked, what was not found and what was opened in a period."""
    now = clock.now()
    form, period = read_period(request.GET, day_of(now))
    context: dict[str, object] = {"form": form, "least": LEAST}
    if period is not None:
        language = known_language(get_language())
        context |= {
            "query": period.query(),
            "sums": reading.sums(period),
            "asked": reading.asked(period, SHOWN),
            "unanswered": reading.unanswered(period, SHOWN),
            "opened": reading.opened(period, SHOWN, language=language, now=now),
        }
    return render(request, "search/insight/searches.html", context)


@administrators
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """A query as the ranking sees it: what is looked up, and what each hit's score is made of."""
    reader = known_language(get_language())
    filters = read_filters(request.GET)
    asked = "q" in request.GET
    given = {"q": filters.text, "language": request.GET.get("language", reader)}
    form = WhyForm(given if asked else None, initial={"language": reader})
    context: dict[str, object] = {"form": form}
    if asked and form.is_valid():
        try:
            context["why"] = explain(
                filters.text, language=form.cleaned_data["language"], now=clock.now()
            )
        except Unavailable:
            context["failed"] = True
    return render(request, "search/insight/why.html", context)


@administrators
@require_safe
def searches_file(request: HttpRequest, table: str) -> HttpResponse:
    """One of the tables as CSV. Raises ``Invalid`` for a period that is none."""
    if table not in _TABLES:
        raise Absent
    form, period = read_period(request.GET, day_of(clock.now()))
    if period is None:
        raise Invalid(str(next(iter(form.errors.values()))[0]))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"searches-{table}-{period.since}-{period.until}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Spreadsheets take a file without this mark for another encoding.
    response.write("\ufeff")
    lines = csv.writer(response, quoting=csv.QUOTE_NONNUMERIC)
    for row in _TABLES[table](period):
        lines.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return response


def _asked(period: Period) -> Iterable[Cells]:
    return _of_questions(reading.asked(period, FILED))


def _unanswered(period: Period) -> Iterable[Cells]:
    return _of_questions(reading.unanswered(period, FILED))


def _of_questions(rows: Iterable[reading.AskedRow]) -> Iterable[Cells]:
    yield [
        pgettext("searches", "Question"),
        _("Asked"),
        _("Found only in part"),
        _("Found nothing"),
        pgettext("searches", "Opened"),
    ]
    for row in rows:
        yield [row.words, row.asked, row.near, row.nothing, row.opened]


def _opened(period: Period) -> Iterable[Cells]:
    language = known_language(get_language())
    yield [
        pgettext("searches", "Question"),
        _("Kind"),
        _("Title"),
        _("Address"),
        pgettext("searches", "Opened"),
    ]
    for row in reading.opened(period, FILED, language=language, now=clock.now()):
        yield [row.words, str(row.kind), row.title, row.url, row.opened]


_TABLES: dict[str, Callable[[Period], Iterable[Cells]]] = {
    "asked": _asked,
    "unanswered": _unanswered,
    "opened": _opened,
}
