"""My points: the balance, what is held, what expires next, the statement and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from accounts.models import Account
from accounts.views.common import sign_in_address, signed_in
from core.texts import known_language
from crowdtasks.ledger.lines import COLUMNS, path_of, rows_of, title_of
from crowdtasks.ledger.naming import sources, ways
from crowdtasks.ledger.reading import balance_of, holds_of, statement, whole_statement
from crowdtasks.ledger.rules import expiry_months
from feedback.files.table import TYPES, write

#: What waits longer than this list is in the balance and in the statement.
MOST_HOLDS = 50


@signed_in
@require_safe
def my_points(request: HttpRequest, account: Account) -> HttpResponse:
    """Four queries of the ledger at most, however long the history is."""
    language = known_language(get_language())
    balance = balance_of(account.person)
    page = statement(account.person, request.GET.get("before", ""))
    holds = list(holds_of(account.person)[:MOST_HOLDS]) if balance.pending else []
    context = {
        "balance": balance,
        "holds": [(hold, path_of(hold.entry, language)) for hold in holds],
        "lines": [
            (line, title_of(line), path_of(line.entry, language) or line.path)
            for line in page.lines
        ],
        "older": page.older,
        "is_first": "before" not in request.GET,
        "months": expiry_months(),
        "ways": ways() if balance.available else [],
        "sources": sources(),
    }
    return render(request, "ledger/my-points.html", context)


@never_cache
@require_safe
def statement_file(request: HttpRequest) -> HttpResponseBase:
    """The whole statement as CSV, read and sent piece by piece."""
    account = current_account(request)
    if account is None:
        return redirect(sign_in_address(request.path))
    language = known_language(get_language())
    lines = whole_statement(account.person)
    pieces = write("csv", {}, COLUMNS, rows_of(lines, account.person, language))
    response = StreamingHttpResponse(pieces, content_type=TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="points.csv"'
    return response
