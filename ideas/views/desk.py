"""The bureau's desk of a contest: how far its ideas have come, and files to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from core import clock
from core.exceptions import Absent, SignInNeeded
from feedback.files.table import TYPES, write
from ideas.access import access_contest_of_bureau
from ideas.ballots import has_begun
from ideas.exports import WHATS, has_results, table
from ideas.funnel import funnel_of
from ideas.juries import is_chair, jury_phase
from ideas.monthly import owed_by
from ideas.policies import SCREENING, phase_of
from participation import live
from participation.views.shared import about, sign_in


@never_cache
@require_safe
def desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """The funnel, and the ways to work on it. Other bureaux find nothing here."""
    account = current_account(request)
    try:
        engagement = access_contest_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    counts = live.kept_counts(engagement)
    box, now = engagement.contest.standing, clock.now()
    owed = owed_by([engagement], now).get(engagement.pk) if box else None
    context = {
        **about(engagement),
        "funnel": funnel_of(engagement),
        "comments": counts["comments"],
        # Turnout is told to everybody, whatever is sealed; before the vote opens there is none.
        "voters": counts["voters"] if has_begun(engagement, now) else None,
        "files": [what for what in WHATS if what != "results" or has_results(engagement)],
        "forms": list(TYPES),
        "box": box,
        "owed": owed,
        "screens": phase_of(engagement, SCREENING) is not None,
        "chairs": jury_phase(engagement) is not None and is_chair(account, engagement),
    }
    return render(request, "ideas/office/desk.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, public_id: str, what: str, form: str) -> HttpResponseBase:
    """A file of ideas, comments or results. Absent for results that are not public."""
    try:
        engagement = access_contest_of_bureau(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.path)
    if what not in WHATS or form not in TYPES:
        raise Absent
    columns, rows = table(engagement, what)
    head = {"contest": engagement.public_id, "what": what, "at": clock.now().isoformat()}
    response = StreamingHttpResponse(write(form, head, columns, rows), content_type=TYPES[form])
    name = f"{what}-{engagement.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
