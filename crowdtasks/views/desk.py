"""The bureau's desk of a campaign: how far it has come, in numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_account
from core import clock
from core.exceptions import SignInNeeded
from crowdtasks.access import access_campaign_of_bureau
from crowdtasks.funnel import funnel_of
from participation.views.shared import about, sign_in


@never_cache
@require_safe
def desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """The funnel, and the ways to work on it. Other bureaux find nothing here."""
    try:
        engagement = access_campaign_of_bureau(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.path)
    context = {**about(engagement), "funnel": funnel_of(engagement, clock.now())}
    return render(request, "crowdtasks/desk.html", context)
