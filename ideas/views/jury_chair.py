"""The jury for its chair, an officer of the owner: whom to ask, who is how far. Never a score."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from core.form_pages import form_page
from ideas.access import access_juror, access_jury
from ideas.actions.jury import appoint_juror, end_seat
from ideas.actions.jury_result import close_jury
from ideas.forms.jury import JurorForm
from ideas.juries import judged_ideas, jury_closes, jury_phase
from ideas.jury_reading import progress
from ideas.models import JuryResult
from participation.models import Engagement
from participation.views.shared import about, language

METHODS = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(METHODS)
def chair(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Who sits on the jury and how far each is; a form to ask somebody onto it."""
    engagement = access_jury(public_id, account)
    here = request.path

    def act(form: JurorForm) -> HttpResponse:
        juror = appoint_juror(
            engagement=engagement,
            email=form.cleaned_data["email"],
            by=account,
            language=language(),
        )
        said = (
            _("The invitation is on its way. It is good for seven days.")
            if juror.person_id is None
            else _("The seat is given.")
        )
        messages.success(request, said)
        return HttpResponseRedirect(here)

    return form_page(
        request,
        "ideas/jury/chair.html",
        JurorForm,
        act=act,
        form_id="juror",
        context=_context(engagement),
    )


def _context(engagement: Engagement) -> dict[str, Any]:
    now = clock.now()
    phase = jury_phase(engagement)
    rows = progress(engagement)
    return {
        **about(engagement),
        "phase": phase,
        "over": phase is not None and phase.closes_at <= now,
        "rows": rows,
        "submitted": sum(row.submitted for row in rows),
        "result": JuryResult.objects.filter(contest=engagement.pk).first(),
        "closes": jury_closes(engagement, now),
        "ideas": judged_ideas(engagement).count(),
    }


@signed_in
@require_POST
def close(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Make the jury's result."""
    engagement = access_jury(public_id, account)
    close_jury(engagement=engagement, by=account)
    messages.success(request, _("The jury is closed."))
    return HttpResponseRedirect(reverse("ideas:result-desk", args=[public_id]))


@signed_in
@require_POST
def end(request: HttpRequest, account: Account, public_id: str, juror_id: str) -> HttpResponse:
    """Take a seat away."""
    engagement = access_jury(public_id, account)
    end_seat(juror=access_juror(engagement, juror_id), by=account)
    messages.success(request, _("The seat is taken away."))
    return HttpResponseRedirect(reverse("ideas:jury-chair", args=[public_id]))
