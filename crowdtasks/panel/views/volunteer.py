"""Volunteering: what it is for, what one said of oneself, leaving."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core.form_pages import form_page
from crowdtasks.panel import rules
from crowdtasks.panel.access import own_volunteer
from crowdtasks.panel.actions.volunteering import leave_panel, save_volunteer
from crowdtasks.panel.forms.volunteer import VolunteerForm
from crowdtasks.panel.models import Volunteer

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def purpose(request: HttpRequest) -> HttpResponse:
    """What volunteers do, what is asked of them and what it is used for; the same for everybody."""
    context = {"most": rules.FATIGUE_INVITATIONS, "days": rules.FATIGUE_DAYS}
    return render(request, "panel/purpose.html", context)


@signed_in
@require_http_methods(METHODS)
def own(request: HttpRequest, account: Account) -> HttpResponse:
    """Volunteer; afterwards see and change what was said."""
    row = own_volunteer(account.person)

    def act(form: VolunteerForm) -> HttpResponse:
        save_volunteer(person=account.person, **form.cleaned_data)
        return HttpResponseRedirect(f"{reverse('panel:own')}?saved=1")

    return form_page(
        request,
        "panel/own.html",
        VolunteerForm,
        act=act,
        form_id="volunteer",
        initial=_said(row),
        context={
            "volunteer": row,
            "saved": row is not None and request.GET.get("saved") == "1",
            "most": rules.FATIGUE_INVITATIONS,
            "days": rules.FATIGUE_DAYS,
        },
    )


def _said(row: Volunteer | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("age", "devices", "district", "languages", "assistive")
    return {name: getattr(row, name) for name in names}


@signed_in
@require_http_methods(METHODS)
def leave(request: HttpRequest, account: Account) -> HttpResponse:
    """What is erased, and the button that erases it."""
    row = own_volunteer(account.person)
    if request.method == "POST":
        leave_panel(person=account.person)
        return HttpResponseRedirect(f"{reverse('panel:leave')}?left=1")
    return render(request, "panel/leave.html", {"volunteer": row, "left": "left" in request.GET})
