"""The bureau's desk of a round: how far it has come, in numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from core import clock
from core.exceptions import Absent, SignInNeeded
from crowdtasks.products import exports
from crowdtasks.products.access import access_round_of_bureau
from crowdtasks.products.funnel import funnel_of
from feedback.files.table import TYPES, write
from participation.views.shared import about, language, sign_in


@never_cache
@require_safe
def desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """The funnel, and the ways to work on it. Other bureaux find nothing here."""
    try:
        row = access_round_of_bureau(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.path)
    context = {
        **about(row.engagement),
        "round": row,
        "funnel": funnel_of(row, clock.now()),
        "forms": list(TYPES),
    }
    return render(request, "products/desk/numbers.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, public_id: str, form: str) -> HttpResponseBase:
    """Each try and what became of its reward, as a file."""
    try:
        row = access_round_of_bureau(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.path)
    if form not in TYPES:
        raise Absent
    head = {"round": row.engagement.public_id, "at": clock.now().isoformat()}
    content = write(form, head, exports.columns_of(row, language()), exports.rows_of(row))
    response = StreamingHttpResponse(content, content_type=TYPES[form])
    name = f"tries-{row.engagement.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
