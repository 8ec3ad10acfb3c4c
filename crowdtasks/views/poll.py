"""A poll: one screen, answered at once; and the results of polls and surveys for those who may
see them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, limits
from core.exceptions import Absent, Conflict
from core.form_pages import form_page
from crowdtasks.access import access_campaign, own_claim
from crowdtasks.actions.claims import DONE_SENTENCE
from crowdtasks.models import Campaign, CampaignKind
from crowdtasks.querysets import places_left
from crowdtasks.states import ClaimState
from crowdtasks.viewing import may_see_results
from feedback import said
from participation.models import Engagement, Receipt
from participation.policies import can_see_results
from participation.views.shared import about, cannot, language, sign_in
from questionnaires import flow, visit
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.judging import judge, refuse_empty, refuse_problems
from questionnaires.models import Response
from questionnaires.views.parts import PageForm
from questionnaires.views.shared import Visit, enter

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def poll(request: HttpRequest, public_id: str) -> HttpResponse:
    """The questions and the button that sends them; what was chosen outlives signing in."""
    campaign: Campaign = access_campaign(public_id).campaign
    here = enter(request, public_id)
    if campaign.kind != CampaignKind.POLL:
        raise Absent
    earlier = _earlier(here)
    if earlier is not None and request.method != "POST":
        return HttpResponseRedirect(_results_path(here))
    if request.method != "POST" and not here.may_go_on:
        return cannot(request, here.engagement, here.verdict)

    def act(form: PageForm) -> HttpResponse:
        # Before anything is kept: the one screen comes back with what was chosen on it.
        if earlier is not None:
            raise Conflict(DONE_SENTENCE, code="done_already")
        judged = judge(here.definition, form.values(), here.route)
        refuse_problems(judged)
        refuse_empty(judged)
        draft = here.draft
        if draft is None or draft.submitted_at is not None:
            draft = begin_draft(
                questionnaire=here.questionnaire,
                person=here.person,
                language=here.language,
                source=limits.address(request),
            )
            draft.questionnaire = here.questionnaire
            visit.remember(request, draft)
        save_draft(draft=draft, values=form.values(), language=here.language, person=here.person)
        if here.verdict.would_help and here.person is None:
            return sign_in(request, request.path)
        receipt = submit_response(
            draft=draft,
            person=here.person,
            account=here.account,
            language=here.language,
            source=limits.address(request),
        )
        visit.note_sent(request, receipt.code)
        visit.forget(request, here.questionnaire)
        return HttpResponseRedirect(_results_path(here))

    section = here.definition.sections[0]
    now = clock.now()
    return form_page(
        request,
        "crowdtasks/poll.html",
        PageForm,
        act=act,
        form_id="poll",
        here=here,
        section=section,
        questions=list(section.questions),
        language=here.language,
        answers=here.answers,
        before={},
        context={
            **here.context(),
            "campaign": campaign,
            "section": section,
            "minutes": flow.minutes(here.definition),
            "places_left": places_left(campaign, now),
            "asks_to_sign_in": here.verdict.would_help and here.person is None,
            "verdict": here.verdict,
            "sees_at_once": may_see_results(here.engagement, campaign, answered=True),
            "waiting": bool(here.answers),
        },
    )


def _results_path(here: Visit) -> str:
    return reverse("crowdtasks:poll_results", args=[here.engagement.public_id])


def _earlier(here: Visit) -> Receipt | None:
    """The receipt of what this person, or this visit where nobody signs in, has sent."""
    rows = Response.objects.counted().filter(questionnaire=here.questionnaire)
    if here.person is not None:
        rows = rows.filter(person=here.person)
    else:
        codes = visit.codes_sent(here.request)
        if not codes:
            return None
        rows = rows.filter(person=None, contribution__receipt__code__in=codes)
    row = rows.select_related("contribution__receipt").first()
    return row.contribution.receipt if row is not None else None


def _points(engagement: Engagement, here: Visit, receipt: Receipt | None) -> int:
    """What was earned and is not held back; 0 where nothing was."""
    claim = own_claim(engagement, here.person) if receipt is not None else None
    return claim.points if claim is not None and claim.state == ClaimState.ACCEPTED else 0


@never_cache
@require_safe
def poll_results(request: HttpRequest, public_id: str) -> HttpResponse:
    """How everybody answered a poll or survey, for those who may see it now; to who has answered,
    thanks."""
    engagement = access_campaign(public_id)
    campaign: Campaign = engagement.campaign
    here = enter(request, public_id)
    receipt = _earlier(here)
    shown = may_see_results(engagement, campaign, answered=receipt is not None)
    verdict = can_see_results(engagement=engagement, now=clock.now())
    is_poll = campaign.kind == CampaignKind.POLL
    context: dict[str, Any] = {
        **about(engagement),
        "campaign": campaign,
        "receipt": receipt,
        "points": _points(engagement, here, receipt),
        "shown": shown,
        "verdict": verdict,
        # What people wrote, and the figures as a file, are everybody's or nobody's yet.
        "sealed": not verdict.allowed,
        "answer_path": reverse(
            "crowdtasks:poll" if is_poll else "questionnaires:start", args=[public_id]
        ),
        "may_answer": receipt is None and here.may_go_on,
    }
    if shown:
        context["figures"] = said.figures(engagement, language())
    return render(request, "crowdtasks/poll_results.html", context)
