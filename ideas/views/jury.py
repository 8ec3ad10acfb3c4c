"""The jury desk: what a juror is asked, declares, scores and submits.

Nothing here names an author, a supporter or another juror, and nothing links to where they are
named: the desk shows of an idea what its author wrote, no more.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core import clock
from core.exceptions import Absent
from core.form_pages import form_page
from ideas.access import access_judged, access_seat, seats_of
from ideas.actions.judging import (
    criteria_of,
    declare_interests,
    save_judgement,
    scored,
    submit_sheet,
    to_score,
)
from ideas.asked import lines_of
from ideas.forms.ideas import ConfirmForm
from ideas.forms.jury import InterestsForm, JudgementForm
from ideas.juries import Judging, judging, require_judging
from ideas.jury_reading import entries, sheet, state_of
from ideas.models import Idea, Judgement, Juror
from ideas.reading import district_name
from participation.attachments.shown import files_of
from participation.views.shared import about, language

METHODS = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def home(request: HttpRequest, account: Account) -> HttpResponse:
    """The juries one sits on. Absent for whoever sits on none."""
    seats = seats_of(account)
    if not seats:
        raise Absent
    now = clock.now()
    context = {"juries": [state_of(seat, now) for seat in seats]}
    return render(request, "ideas/jury/home.html", context)


def _about(seat: Juror) -> dict[str, Any]:
    """What each page of the desk says."""
    now = clock.now()
    return {
        **about(seat.contest.engagement),
        **state_of(seat, now),
        "desk": reverse("ideas:jury", args=[seat.contest.engagement.public_id]),
    }


@signed_in
@require_safe
def desk(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """One contest: the steps, and the ideas in an order of this juror's own."""
    seat = access_seat(public_id, account)
    context = {**_about(seat), "entries": entries(seat)}
    return render(request, "ideas/jury/desk.html", context)


@signed_in
@require_http_methods(METHODS)
def interests(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Declare conflicts of interest: once before scoring, more of them until submitting."""
    seat = access_seat(public_id, account)
    require_judging(seat, clock.now())
    context = _about(seat)
    declared = entries(seat)

    def act(form: InterestsForm) -> HttpResponse:
        typed = form.cleaned_data
        declare_interests(
            juror=seat,
            ideas=typed.get("ideas", []),
            reason=typed.get("reason", ""),
            by=account,
        )
        messages.success(request, _("Your declaration has been kept."))
        return HttpResponseRedirect(context["desk"])

    return form_page(
        request,
        "ideas/jury/interests.html",
        InterestsForm,
        act=act,
        form_id="interests",
        ideas=[entry.idea for entry in declared if not entry.barred],
        initial={"ideas": [request.GET.get("idea", "")]},
        context={**context, "barred": [entry.idea for entry in declared if entry.barred]},
    )


@signed_in
@require_http_methods(METHODS)
def judge(request: HttpRequest, account: Account, public_id: str, idea_id: str) -> HttpResponse:
    """One idea: what its author wrote and, while the jury scores, the marks."""
    seat = access_seat(public_id, account)
    idea = access_judged(idea_id, seat)
    context = {**_about(seat), **_idea(idea), **_neighbours(seat, idea)}
    state = judging(seat, clock.now())
    if request.method == "POST":
        require_judging(seat, clock.now())
    elif state == Judging.WAITS or (state == Judging.OPEN and seat.declared_at is None):
        return HttpResponseRedirect(context["desk"])
    elif state != Judging.OPEN:
        return render(request, "ideas/jury/judged.html", {**context, **sheet(seat, idea)})

    def act(form: JudgementForm) -> HttpResponse:
        save_judgement(
            juror=seat,
            idea=idea,
            marks=form.marks(),
            note=form.cleaned_data["note"],
            comment=form.cleaned_data["comment"],
            language=language(),
            by=account,
        )
        messages.success(request, _("Saved."))
        following = context["after"] if request.POST.get("then") == "next" else ""
        address = (
            reverse("ideas:judge", args=[public_id, following]) if following else context["desk"]
        )
        return HttpResponseRedirect(address)

    return form_page(
        request,
        "ideas/jury/judge.html",
        JudgementForm,
        act=act,
        form_id="judgement",
        criteria=criteria_of(seat.contest),
        initial=_saved(seat, idea),
        context=context,
    )


def _idea(idea: Idea) -> dict[str, Any]:
    entry = idea.contribution
    return {
        "idea": idea,
        "contribution": entry,
        "category": idea.category,
        "answers": lines_of(idea, idea.engagement, language=language(), written_in=entry.language),
        "district": district_name(idea.district),
        "tags": sorted(idea.tags.all(), key=lambda tag: tag.name),
        "files": files_of([entry]).get(entry.pk, []),
    }


def _neighbours(seat: Juror, idea: Idea) -> dict[str, Any]:
    keys = [entry.idea.contribution.public_id for entry in entries(seat) if not entry.barred]
    place = keys.index(idea.contribution.public_id)
    return {
        "place": place + 1,
        "total": len(keys),
        "after": keys[place + 1] if place + 1 < len(keys) else "",
    }


def _saved(seat: Juror, idea: Idea) -> dict[str, Any]:
    judgement = (
        Judgement.objects.filter(juror=seat, idea=idea).prefetch_related("marks__criterion").first()
    )
    if judgement is None:
        return {}
    marks = {f"mark_{mark.criterion.block_id}": mark.value for mark in judgement.marks.all()}
    return {**marks, "note": judgement.note, "comment": judgement.comment}


@signed_in
@require_http_methods(METHODS)
def submit(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """All scores once more, then submit them for good."""
    seat = access_seat(public_id, account)
    require_judging(seat, clock.now())
    context = _about(seat)
    wanted = set(to_score(seat))
    done = scored(seat)
    rows = [entry for entry in entries(seat) if not entry.barred]
    missing = [entry for entry in rows if entry.idea.pk in wanted - done]

    def act(form: ConfirmForm) -> HttpResponse:
        submit_sheet(juror=seat, by=account)
        messages.success(request, _("Your scores have been submitted. Thank you."))
        return HttpResponseRedirect(context["desk"])

    return form_page(
        request,
        "ideas/jury/submit.html",
        ConfirmForm,
        act=act,
        form_id="submit",
        context={
            **context,
            "entries": rows,
            "missing": missing,
            "ready": bool(wanted) and not missing and seat.declared_at is not None,
        },
    )
