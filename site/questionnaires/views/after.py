"""After the submit: a copy to keep, a few facts about oneself, changing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock, ids, limits
from core.exceptions import SignInNeeded
from core.form_pages import form_page
from participation.access import access_engagement
from participation.models import Engagement
from participation.policies import can_edit_contribution
from participation.views.shared import about, cannot, language, sign_in
from questionnaires import gates, visit
from questionnaires.access import access_response
from questionnaires.actions.about_you import save_about_you
from questionnaires.actions.changes import values_of
from questionnaires.actions.drafts import begin_change
from questionnaires.describing import describe
from questionnaires.forms import AboutYouForm, ConfirmForm
from questionnaires.loading import load_definition
from questionnaires.models import AboutYou, Response

METHODS = ["GET", "HEAD", "POST"]


def _own(request: HttpRequest, engagement: Engagement, code: str) -> Response:
    """The response, for its author or the visit that sent it without signing in."""
    return access_response(
        code,
        engagement,
        person=current_person(request),
        known=visit.sent_by_visit(request, code),
    )


def _receipt(code: str) -> str:
    return reverse("participation:receipt", args=[code])


@never_cache
@require_http_methods(METHODS)
def change(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Open one's answers again, until the close; what was sent stands until the change is sent."""
    engagement = access_engagement(public_id)
    person = current_person(request)
    if person is None:
        if request.method == "POST":
            raise SignInNeeded
        return sign_in(request, request.path)
    response = _own(request, engagement, code)
    verdict = can_edit_contribution(
        contribution=response.contribution, person=person, now=clock.now()
    )
    if request.method != "POST" and not verdict.allowed:
        return cannot(request, engagement, verdict, back=_receipt(code))

    def act(form: ConfirmForm) -> HttpResponse:
        draft = begin_change(
            response=response,
            person=person,
            language=language(),
            source=limits.address(request),
        )
        visit.remember(request, draft)
        return HttpResponseRedirect(reverse("questionnaires:check", args=[engagement.public_id]))

    return form_page(
        request,
        "questionnaires/change.html",
        ConfirmForm,
        act=act,
        form_id="change",
        context={
            **about(engagement),
            "back_path": _receipt(code),
            "moderated": response.contribution.publish_choice != "confidential",
        },
    )


@never_cache
@require_safe
def copy(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Everything that was sent, as one file that opens anywhere."""
    engagement = access_engagement(public_id)
    if current_person(request) is None and not visit.sent_by_visit(request, code):
        return sign_in(request, request.path)
    response = _own(request, engagement, code)
    answers = values_of(response)
    definition = load_definition(response.questionnaire)
    page = render(
        request,
        "questionnaires/copy.html",
        {
            **about(engagement),
            "response": response,
            "contribution": response.contribution,
            "shown_code": ids.show_code(code),
            "parts": describe(
                gates.asked_of(engagement, definition, response.contribution.person, answers),
                answers,
                language(),
                route=response.route,
                written_in=response.contribution.language,
            ),
        },
    )
    page.headers["Content-Disposition"] = f'attachment; filename="kaifong-{code[:5]}.html"'
    return page


@never_cache
@require_http_methods(METHODS)
def about_you(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Facts for the figures, none needed, each with 'prefer not to say'."""
    engagement = access_engagement(public_id)
    if current_person(request) is None and not visit.sent_by_visit(request, code):
        return sign_in(request, request.path)
    response = _own(request, engagement, code)
    told = AboutYou.objects.filter(response=response).first()

    def act(form: AboutYouForm) -> HttpResponse:
        save_about_you(response=response, facts=form.cleaned_data, account=current_account(request))
        return HttpResponseRedirect(_receipt(code))

    return form_page(
        request,
        "questionnaires/about_you.html",
        AboutYouForm,
        act=act,
        form_id="about-you",
        initial=dict(told.facts) if told else {},
        context={**about(engagement), "back_path": _receipt(code)},
    )
