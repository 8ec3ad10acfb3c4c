"""Beginning, coming back later, starting over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, limits
from core.exceptions import Absent
from core.form_pages import form_page
from participation.forms import ConfirmForm
from participation.views.shared import cannot, sign_in
from questionnaires import flow, gates, visit
from questionnaires.access import access_draft_link
from questionnaires.actions.drafts import begin_draft, drop_draft
from questionnaires.actions.links import mail_draft_link, take_over
from questionnaires.describing import describe
from questionnaires.forms import BeginForm, MailForm
from questionnaires.models import Response
from questionnaires.views.shared import Visit, enter, first_page, receipt_of
from questionnaires.whereabouts import LINK_ENDED

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """How long it takes, which way to go, what becomes of the answers, until when."""
    here = enter(request, public_id)
    draft = here.draft if here.draft and here.draft.submitted_at is None else None
    if request.method != "POST" and draft is None and not here.may_go_on:
        return cannot(request, here.engagement, here.verdict)
    opening = gates.opening_of(here.engagement, here.person)
    if opening.path:
        return HttpResponseRedirect(opening.path)

    def act(form: BeginForm) -> HttpResponse:
        if opening.signs_in and here.person is None:
            return sign_in(request, request.path)
        made = begin_draft(
            questionnaire=here.questionnaire,
            person=here.person,
            language=here.language,
            route=form.cleaned_data["route"],
            source=limits.address(request),
        )
        made.questionnaire = here.questionnaire
        visit.remember(request, made)
        here.draft = made
        return first_page(here)

    sent = None
    if here.person is not None:
        sent = (
            Response.objects.counted()
            .filter(questionnaire=here.questionnaire, person=here.person)
            .select_related("contribution__receipt")
            .order_by("-contribution__received_at")
            .first()
        )
    return form_page(
        request,
        "questionnaires/start.html",
        BeginForm,
        act=act,
        form_id="begin",
        context={
            **here.context(),
            **opening.context,
            "opening": opening,
            "draft": draft,
            "moved": here.moved,
            "go_on_path": here.to("check") if draft else "",
            "sent": sent,
            "intro": here.definition.intro,
            "two_routes": flow.has_key_route(here.definition),
            "key_minutes": flow.minutes(here.definition, flow.KEY),
            "key_questions": flow.asked(here.definition, flow.KEY),
            "minutes": flow.minutes(here.definition),
            "questions": flow.asked(here.definition),
            "sections": here.definition.sections,
            "required": [one for one in here.definition.questions() if one.required],
            "verdict": here.verdict,
            "signed_in": here.person is not None,
        },
    )


@never_cache
@require_http_methods(METHODS)
def later(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save and come back: the link by mail, until when it works."""
    here = enter(request, public_id)
    if here.draft is None or here.draft.submitted_at is not None:
        return here.go("start")
    draft = here.draft
    sent = request.GET.get("sent") == "1"

    def act(form: MailForm) -> HttpResponse:
        mail_draft_link(
            draft=draft,
            email=form.cleaned_data["email"],
            language=here.language,
            person=here.person,
            source=limits.address(request),
        )
        return HttpResponseRedirect(f"{request.path}?sent=1")

    return form_page(
        request,
        "questionnaires/later.html",
        MailForm,
        act=act,
        form_id="later",
        initial={"email": here.account.email if here.account else ""},
        context={**here.context(), "sent": sent, "back_path": here.to("check")},
    )


@never_cache
@require_http_methods(METHODS)
def back(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """The link of the mail: a button, because mail scanners open links too.

    Only the press moves the draft to this visit. Where this visit holds it already, nothing needs
    to move, and the link still works elsewhere.
    """
    here = enter(request, public_id)
    try:
        link = access_draft_link(token, here.questionnaire)
    except Absent:
        limits.spend("draft_link_open", limits.address(request))
        raise
    held = here.draft
    if held is not None and held.pk == link.draft_id:
        return receipt_of(held) or _go_on(here)
    if not link.opens(clock.now()):
        raise Absent(LINK_ENDED)
    # The page says what can be done with it: send it still, or only read it.
    here.draft = link.draft

    def act(_form: ConfirmForm) -> HttpResponse:
        here.draft = take_over(
            link=link, person=here.person, instead_of=held, source=limits.address(request)
        )
        here.draft.questionnaire = here.questionnaire
        visit.remember(request, here.draft)
        return _go_on(here)

    return form_page(
        request,
        "questionnaires/back.html",
        ConfirmForm,
        act=act,
        form_id="back",
        context={
            **here.context(),
            "may_go_on": here.may_go_on,
            "works_until": link.expires_at,
            "displaces": held is not None and held.submitted_at is None and bool(held.answers),
        },
    )


def _go_on(here: Visit) -> HttpResponse:
    """To the first part that was not left yet, else to the check page."""
    if here.may_go_on and here.draft is not None:
        for section in here.pages():
            if section.key not in here.draft.passed:
                return here.go("part", here.place(section))
    return here.go("check")


@never_cache
@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget what was written and begin anew."""
    here = enter(request, public_id)
    if here.draft is not None:
        drop_draft(draft=here.draft)
        visit.forget(request, here.questionnaire)
    return here.go("start")


@never_cache
@require_safe
def read_closed(request: HttpRequest, here: Visit) -> HttpResponse:
    """What was written and not sent in time, to be read and copied."""
    return render(
        request,
        "questionnaires/closed.html",
        {
            **here.context(),
            "verdict": here.verdict,
            "parts": describe(here.definition, here.answers, here.language, route=here.route),
            "read_path": reverse("participation:comments", args=[here.engagement.public_id])
            + "?on=whole",
        },
    )
