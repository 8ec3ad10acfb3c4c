"""Check answers, say as whom, sign in last, submit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import limits
from core.form_pages import form_page
from participation.actions.comments import needs_name
from participation.views.shared import sign_in
from questionnaires import flow, visit
from questionnaires.actions.changes import values_of
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.describing import describe
from questionnaires.forms import SigningForm
from questionnaires.judging import Judged, judge
from questionnaires.kinds.base import field_name
from questionnaires.models import Capacity, Response
from questionnaires.signing import Signing
from questionnaires.views.shared import Visit, enter, receipt_of
from questionnaires.views.start import read_closed

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """All answers once more, each with the way to change it; then the button that submits."""
    here = enter(request, public_id)
    draft = here.draft
    if draft is None:
        return here.go("start")
    if draft.submitted_at is not None:
        return receipt_of(draft) or here.go("start")
    verdict = here.verdict
    if request.method != "POST" and not here.may_go_on:
        return read_closed(request, here)

    def act(form: SigningForm) -> HttpResponse:
        typed = form.cleaned_data
        signing = Signing(
            capacity=typed.get("capacity") or Capacity.INDIVIDUAL,
            organisation=typed.get("organisation") or "",
            publish_choice=typed["publish_choice"],
            alias=typed.get("alias") or "",
            display_name=typed.get("display_name") or "",
        )
        if verdict.would_help and here.person is None:
            save_draft(draft=draft, signing=signing, language=here.language)
            return sign_in(request, request.path)
        receipt = submit_response(
            draft=draft,
            person=here.person,
            account=here.account,
            capacity=signing.capacity,
            organisation=signing.organisation,
            publish_choice=signing.publish_choice,
            alias=signing.alias,
            display_name=signing.display_name,
            language=here.language,
            source=limits.address(request),
            replace=bool(typed.get("replace")),
        )
        visit.note_sent(request, receipt.code)
        visit.forget(request, here.questionnaire)
        return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))

    before = values_of(draft.response) if draft.response is not None else {}
    judged = judge(here.definition, here.answers, here.route, before=before)
    earlier = None if here.changing else _earlier(here)
    pages = here.pages()
    return form_page(
        request,
        "questionnaires/check.html",
        SigningForm,
        act=act,
        form_id="check",
        organisations=here.definition.organisations,
        ask_name=here.person is not None and needs_name(here.account),
        anonymous=here.person is None and verdict.allowed,
        replaces=earlier is not None,
        initial={
            "capacity": Capacity.INDIVIDUAL,
            "publish_choice": "confidential",
            **Signing.from_json(draft.signing).to_json(),
            "replace": "1",
        },
        context={
            **here.context(),
            "verdict": verdict,
            # Somebody who is signed in and still has no level would come round in a circle.
            "asks_to_sign_in": verdict.would_help and here.person is None,
            "signed_in": here.person is not None,
            "parts": describe(
                here.definition,
                here.answers,
                here.language,
                route=here.route,
                written_in=draft.language,
            ),
            "change": True,
            "problems": _problems(here, judged),
            "reworded": _reworded(here),
            "nothing": not judged.answers,
            "earlier": earlier,
            "display_name": here.account.display_name if here.account else "",
            "back_path": here.to("part", here.place(pages[-1])) if pages else here.to("start"),
            "may_answer_more": here.route == flow.KEY,
            "route_path": here.to("route"),
            "more_questions": flow.asked(here.definition) - flow.asked(here.definition, flow.KEY),
        },
    )


def _earlier(here: Visit) -> Response | None:
    """What this person sent already and would replace."""
    if here.person is None:
        return None
    return (
        Response.objects.counted()
        .filter(questionnaire=here.questionnaire, person=here.person)
        .select_related("contribution__receipt")
        .order_by("contribution__received_at")
        .first()
    )


def _problems(here: Visit, judged: Judged) -> list[dict[str, Any]]:
    """What keeps the answers from being sent, each with the way to its question."""
    places = {
        question.key: (here.place(section), question)
        for section in here.definition.sections
        for question in section.questions
    }
    found = []
    for problem in judged.problems:
        if problem.data["question"] not in places:
            continue
        place, question = places[problem.data["question"]]
        found.append(
            {
                "sentence": str(problem),
                "question": question,
                "href": f"{here.to('part', place)}?check=1#box-{problem.field}",
            }
        )
    return found


def _reworded(here: Visit) -> list[dict[str, Any]]:
    """Questions to be read again, each with the way to it."""
    places = {
        question.key: here.place(section)
        for section in here.definition.sections
        for question in section.questions
    }
    return [
        {
            "question": question,
            "href": f"{here.to('part', places[question.key])}?check=1#box-{field_name(question)}",
        }
        for question in here.reworded()
    ]


@never_cache
@require_POST
def whole_route(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the key questions on to all of them; what was answered stays."""
    here = enter(request, public_id)
    draft = here.draft
    if draft is None or draft.submitted_at is not None:
        return here.go("start")
    saved = save_draft(draft=draft, route=flow.WHOLE, language=here.language)
    draft.route = saved.route
    for section in here.pages():
        if any(question.key not in draft.answers for question in section.questions):
            return here.go("part", here.place(section))
    return here.go("check")
