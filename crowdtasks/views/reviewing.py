"""Pages of looking at parts that were marked, the same for campaigns and rounds: what waits, one of
them with the decision, and asking another officer.

What is shown was accessed by the room whose pages these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Account, Person
from core import clock
from core.form_pages import form_page
from crowdtasks import integrity
from crowdtasks.access import access_response_of
from crowdtasks.actions.reviewing import appeal_claim, decide_claim
from crowdtasks.forms.review import AppealForm, DecisionForm
from crowdtasks.models import Part
from crowdtasks.policies import appeal_of, appeal_until, decision_on, may_decide, waits
from participation.models import Engagement
from participation.views.shared import about, language
from questionnaires import gates
from questionnaires.actions.changes import values_of
from questionnaires.describing import describe
from questionnaires.loading import load_definition

PAGE_SIZE = 50


@dataclass(frozen=True)
class Desk:
    """Where a room's pages of this are, as names of routes; ``above`` is the part on top of one
    that is decided on, a template's name."""

    desk: str
    review: str
    decide: str
    above: str = ""


def show_waiting(
    request: HttpRequest,
    engagement: Engagement,
    rows: QuerySet[Any],
    account: Account | None,
    desk: Desk,
) -> HttpResponse:
    """What an officer has to look at, the oldest first; appeals among them."""
    asked = request.GET.get("page", "")
    shown = Paginator(rows, PAGE_SIZE).get_page(asked if asked.isascii() else 1)
    context = {
        **about(engagement),
        "shown": shown,
        "back": reverse(desk.desk, args=[engagement.public_id]),
        "rows": [
            {
                "claim": row,
                "path": reverse(desk.decide, args=[engagement.public_id, row.public_id]),
                "why": integrity.names(row.flags),
                "appeal": appeal_of(row),
                "mine": account is not None and may_decide(row, account),
            }
            for row in shown.object_list
        ],
    }
    return render(request, "crowdtasks/review/waiting.html", context)


def show_decision(
    request: HttpRequest, part: Part, account: Account, desk: Desk, **context: Any
) -> HttpResponse:
    """One response with why it was marked, and the decision."""
    engagement = part.engagement
    back = reverse(desk.review, args=[engagement.public_id])

    def act(form: DecisionForm) -> HttpResponse:
        decide_claim(
            claim=part,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            language=language(),
            by=account,
            known=form.cleaned_data["known"],
        )
        return HttpResponseRedirect(back)

    return form_page(
        request,
        "crowdtasks/review/decide.html",
        DecisionForm,
        act=act,
        form_id="decide",
        initial={"known": part.state},
        context={
            **about(engagement),
            **_seen(part),
            "above": desk.above,
            "waits": waits(part),
            "may_decide": may_decide(part, account),
            "back": back,
            **context,
        },
    )


def _seen(part: Part) -> dict[str, Any]:
    """What the officer reads: answers without who gave them, and what was decided so far."""
    response = access_response_of(part)
    answers, entry = values_of(response), response.contribution
    definition = load_definition(response.questionnaire)
    return {
        "claim": part,
        "why": integrity.names(part.flags),
        "expected": round(part.funded.seconds / 60, 1),
        "took": round(part.seconds / 60, 1) if part.seconds is not None else None,
        "parts": describe(
            gates.asked_of(part.funded.engagement, definition, entry.person, answers),
            answers,
            language(),
            route=response.route,
            written_in=entry.language,
        ),
        "decided": list(part.reviews.all()),
        "appeal": appeal_of(part),
    }


def show_appeal(
    request: HttpRequest, engagement: Engagement, part: Part, person: Person, back: str
) -> HttpResponse:
    """Ask another officer to look at one's declined part, once; leads back where it is too late."""
    until = appeal_until(part)
    if request.method != "POST" and (until is None or clock.now() >= until):
        return HttpResponseRedirect(back)

    def act(form: AppealForm) -> HttpResponse:
        appeal_claim(claim=part, person=person, text=form.cleaned_data["text"], language=language())
        return HttpResponseRedirect(back)

    return form_page(
        request,
        "crowdtasks/review/appeal.html",
        AppealForm,
        act=act,
        form_id="appeal",
        context={
            **about(engagement),
            "decision": decision_on(part),
            "until": until,
            "back": back,
        },
    )
