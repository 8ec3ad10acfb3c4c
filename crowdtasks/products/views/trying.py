"""Trying a build: where it is, step after step, the last questions. All of it without scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock, limits
from core.form_pages import form_page
from crowdtasks.products import audience, hooks
from crowdtasks.products.access import access_round, access_step, begun_by, steps_of, tried_by
from crowdtasks.products.actions.awarding import has_award
from crowdtasks.products.actions.trying import (
    answer_step,
    attempt_of,
    begin_attempt,
    show_step,
    skipped,
)
from crowdtasks.products.claim_codes import claim_until
from crowdtasks.products.forms.trying import StepForm
from crowdtasks.products.models import Attempt, Round, Step
from crowdtasks.products.rewards_left import rewards_left
from participation.forms import ConfirmForm
from participation.views.shared import cannot
from questionnaires import visit
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.views.parts import PageForm
from questionnaires.views.shared import Visit, enter, receipt_of

METHODS = ["GET", "HEAD", "POST"]


def _to(row: Round, name: str, *args: object) -> str:
    return reverse(f"products:{name}", args=[row.engagement.public_id, *args])


def _context(here: Visit, row: Round, attempt: Attempt | None) -> dict[str, Any]:
    """What every page of a try says: the build, and where each step stands."""
    told = {one.step_id: one.went for one in attempt.results.all()} if attempt else {}
    return {
        **here.context(),
        "round": row,
        "build": row.build,
        "attempt": attempt,
        "try_path": _to(row, "try"),
        "way": [
            {
                "number": number,
                "title": step.title,
                "path": _to(row, "try_step", number),
                "told": bool(told.get(step.pk)),
            }
            for number, step in enumerate(steps_of(row), start=1)
        ],
        "questions_path": _to(row, "try_questions"),
    }


@never_cache
@require_http_methods(METHODS)
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where the build is and what will be asked; the button begins the first step."""
    row = access_round(public_id)
    here = enter(request, public_id)
    attempt = attempt_of(here.draft) if here.draft and not here.draft.submitted_at else None
    if attempt is None and here.person is not None:
        # Begun by the same person in another browser: one goes on with it here.
        attempt = begun_by(here.person, clock.now()).filter(round=row).first()
    if request.method != "POST" and not here.may_go_on:
        return cannot(request, here.engagement, here.verdict)

    def act(form: ConfirmForm) -> HttpResponse:
        if attempt is None:
            begun = begin_attempt(
                round=row,
                questionnaire=here.questionnaire,
                person=here.person,
                language=here.language,
                source=limits.address(request),
                again=tried_by(row, visit.codes_sent(request)),
            )
        else:
            begun = attempt
        if begun.draft is not None:
            visit.remember(request, begun.draft)
        return HttpResponseRedirect(_to(row, "try_step", 1))

    return form_page(
        request,
        "products/try_start.html",
        ConfirmForm,
        act=act,
        form_id="begin",
        context={
            **_context(here, row, attempt),
            **_offer(here, row),
            "refusal": audience.refusal_of(row, here.person),
            **audience.public(row),
        },
    )


def _offer(here: Visit, row: Round) -> dict[str, Any]:
    """What trying it gives this reader: said before anybody begins."""
    left = rewards_left(row)
    if left is None:
        return {}
    person = here.person
    # Who is signed in is told apart from who tried it before on the same machine.
    had = (
        has_award(row, person)
        if person is not None
        else tried_by(row, visit.codes_sent(here.request))
    )
    return {
        "reward_left": left,
        "reward_had": had,
        "claim_until": claim_until(row.engagement),
        "signed_in": person is not None,
    }


@never_cache
@require_http_methods(METHODS)
def step(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One step: what to do, and how it went. The next one's time runs from when this is sent."""
    row = access_round(public_id)
    this, steps = access_step(row, number)
    here = enter(request, public_id)
    attempt = attempt_of(here.draft)
    if here.draft is None or attempt is None:
        return (here.draft and receipt_of(here.draft)) or HttpResponseRedirect(_to(row, "try"))
    if request.method != "POST" and not here.may_go_on:
        return cannot(request, here.engagement, here.verdict)
    known = next((one for one in attempt.results.all() if one.step_id == this.pk), None)

    def act(form: StepForm) -> HttpResponse:
        said = form.cleaned_data
        answer_step(
            attempt=attempt,
            step=this,
            went=said["went"],
            difficulty=int(said["difficulty"]) if said["difficulty"] else None,
            interrupted=said["interrupted"],
        )
        return _next(row, attempt, steps, number)

    initial = {}
    if known is not None and known.went:
        initial = {
            "went": known.went,
            "difficulty": str(known.difficulty or ""),
            "interrupted": known.seconds is None,
        }
    return form_page(
        request,
        "products/try_step.html",
        StepForm,
        act=act,
        form_id="step",
        initial=initial,
        context={
            **_context(here, row, attempt),
            "step": this,
            "number": number,
            "total": len(steps),
            "known": known,
            "hung": hooks.parts_of("step", row.engagement, number),
        },
    )


def _next(row: Round, attempt: Attempt, steps: list[Step], number: int) -> HttpResponse:
    """The step after this one, its time running; after the last the questions."""
    if number == len(steps):
        return HttpResponseRedirect(_to(row, "try_questions"))
    show_step(attempt=attempt, step=steps[number])
    return HttpResponseRedirect(_to(row, "try_step", number + 1))


@never_cache
@require_http_methods(METHODS)
def questions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last questions and the button that hands everything in; skipped steps are asked for."""
    row = access_round(public_id)
    here = enter(request, public_id)
    draft, attempt = here.draft, attempt_of(here.draft)
    if draft is None or attempt is None:
        return (draft and receipt_of(draft)) or HttpResponseRedirect(_to(row, "try"))
    if request.method != "POST" and not here.may_go_on:
        return cannot(request, here.engagement, here.verdict)

    def act(form: PageForm) -> HttpResponse:
        # Kept before it is handed in: what is refused next loses nothing.
        save_draft(draft=draft, values=form.values(), language=here.language, person=here.person)
        receipt = submit_response(
            draft=draft,
            person=here.person,
            account=here.account,
            language=here.language,
            source=limits.address(request),
        )
        visit.note_sent(request, receipt.code)
        visit.forget(request, here.questionnaire)
        return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))

    section = here.definition.sections[0]
    return form_page(
        request,
        "products/try_questions.html",
        PageForm,
        act=act,
        form_id="questions",
        here=here,
        section=section,
        questions=list(section.questions),
        language=here.language,
        answers=here.answers,
        before={},
        context={
            **_context(here, row, attempt),
            "section": section,
            "skipped": skipped(attempt),
        },
    )
