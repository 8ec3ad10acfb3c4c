"""'Try it': the real form with the questions of a draft. Nothing is kept but in the session.

The same fields, conditions and judging as citizens meet (``questionnaires.forms``, ``flow``), on
the definition of the newest draft; no draft row, no response, no figure comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Account
from consultations.access import access_paper
from consultations.actions.paper import versions_of
from consultations.models import ConsultationPage
from consultations.questions import definition_of_pages
from core.exceptions import Absent
from core.form_pages import form_page
from core.texts import LANGUAGES
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from questionnaires import flow
from questionnaires.definition import Definition, QuestionDef, SectionDef
from questionnaires.describing import describe
from questionnaires.forms import BeginForm, ConfirmForm, PartForm, entries
from questionnaires.judging import judge

#: Where the session holds the one trial that is under way.
TRIED = "tried_questions"
METHODS = ["GET", "HEAD", "POST"]


@dataclass
class Trial:
    """One request to a trial: the draft's questions and what was answered so far."""

    request: HttpRequest
    engagement: Engagement
    page: ConsultationPage
    definition: Definition
    language: str
    route: str
    answers: dict[str, Any]

    def keep(self) -> None:
        """In the session, in place of any other trial."""
        self.request.session[TRIED] = {
            "of": self.engagement.public_id,
            "route": self.route,
            "answers": self.answers,
        }

    def to(self, *rest: object) -> str:
        """The address of a page of this trial: none for the start, a place, or 'check'."""
        own = [self.engagement.public_id, self.language]
        if not rest:
            return reverse("kaifong_desk:try", args=own)
        if rest[0] == "check":
            return reverse("kaifong_desk:try_check", args=own)
        return reverse("kaifong_desk:try_part", args=[*own, *rest])

    def pages(self) -> list[tuple[int, SectionDef]]:
        """The parts met now, each with its place among all."""
        keys = [one.key for one in self.definition.sections]
        return [
            (keys.index(one.key) + 1, one)
            for one in flow.pages(self.definition, self.answers, self.route)
        ]

    def context(self) -> dict[str, Any]:
        """What every page of a trial says."""
        return {
            "engagement": self.engagement,
            "paper": self.page,
            "edit_path": reverse("wagtailadmin_pages:edit", args=[self.page.pk]) + "#kf-questions",
            "start_path": self.to(),
            "check_path": self.to("check"),
            "others": [
                (code, reverse("kaifong_desk:try", args=[self.engagement.public_id, code]))
                for code in LANGUAGES
            ],
            "trial_language": self.language,
        }


def _enter(request: HttpRequest, public_id: str, language: str) -> Trial:
    """The draft's questions for its own bureau. Raises Absent for others, and without questions."""
    engagement, page = access_paper(public_id, cast(Account, request.user), kind=DEFAULT_KIND)
    if language not in LANGUAGES:
        raise Absent
    drafts = {code: one.get_latest_revision_as_object() for code, one in versions_of(page).items()}
    definition = definition_of_pages(drafts, page.language)
    if not flow.asked(definition):
        raise Absent
    kept = request.session.get(TRIED) or {}
    own = kept if kept.get("of") == public_id else {}
    return Trial(
        request=request,
        engagement=engagement,
        page=drafts[page.language],
        definition=definition,
        language=language,
        route=own.get("route", flow.WHOLE),
        answers=dict(own.get("answers", {})),
    )


@never_cache
@require_http_methods(METHODS)
def start(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """What is asked and how long it takes; beginning forgets an earlier trial."""
    trial = _enter(request, public_id, language)

    def act(form: BeginForm) -> HttpResponse:
        trial.route = form.cleaned_data["route"] or flow.WHOLE
        trial.answers = {}
        trial.keep()
        pages = trial.pages()
        return redirect(trial.to(pages[0][0]) if pages else trial.to("check"))

    definition = trial.definition
    with override(language):
        return form_page(
            request,
            "consultations/desk/try_start.html",
            BeginForm,
            act=act,
            form_id="begin",
            context={
                **trial.context(),
                "intro": definition.intro,
                "two_routes": flow.has_key_route(definition),
                "minutes": flow.minutes(definition),
                "key_minutes": flow.minutes(definition, flow.KEY),
                "questions": flow.asked(definition),
                "key_questions": flow.asked(definition, flow.KEY),
                "sections": definition.sections,
            },
        )


class _Form(PartForm):
    """The page's form, which also says how each question is shown."""

    def __init__(self, *args: Any, trial: Trial, section: SectionDef, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trial, self.section = trial, section

    def entries(self) -> list[dict[str, Any]]:
        """What the template shows."""
        trial = self.trial
        return entries(self, self.section, trial.definition, trial.answers, trial.route)


def _questions(trial: Trial, section: SectionDef) -> list[QuestionDef]:
    """What the page holds: what is shown, and what its own answers may open."""
    shown = {one.key for one in flow.shown(trial.definition, trial.answers, trial.route)}
    shown |= {
        one.key for one in flow.may_follow(trial.definition, section, trial.answers, trial.route)
    }
    return [one for one in section.questions if one.key in shown]


@never_cache
@require_http_methods(METHODS)
def part(request: HttpRequest, public_id: str, language: str, place: int) -> HttpResponse:
    """One part of the form, judged as the real one."""
    trial = _enter(request, public_id, language)
    sections = trial.definition.sections
    if not 1 <= place <= len(sections):
        raise Absent
    section = sections[place - 1]
    if request.method == "POST" and "json" in request.headers.get("accept", ""):
        # The form's script saves after a rest: here there is nothing to save.
        return JsonResponse({"saved": True, "all": True, "at": "", "was": ""})
    questions = _questions(trial, section)
    if not questions:
        return redirect(trial.to("check"))
    back = request.POST.get("go") == "back"

    def act(form: PartForm) -> HttpResponse:
        for key, value in form.values().items():
            trial.answers[key] = value
            if value is None:
                del trial.answers[key]
        trial.keep()
        return redirect(_next(trial, place, back=back))

    with override(language):
        pages = trial.pages()
        number = next((n for n, (at, _one) in enumerate(pages, 1) if at == place), 1)
        return form_page(
            request,
            "consultations/desk/try_part.html",
            _Form,
            act=act,
            form_id="part",
            trial=trial,
            section=section,
            questions=questions,
            language=language,
            answers=trial.answers,
            lenient=back,
            context={
                **trial.context(),
                "section": section,
                "number": number,
                "total": len(pages),
                "own_path": request.path,
            },
        )


def _next(trial: Trial, place: int, *, back: bool) -> str:
    """Where the page turn leads, by the answers just given."""
    places = [at for at, _section in trial.pages()]
    if back:
        earlier = [at for at in places if at < place]
        return trial.to(earlier[-1]) if earlier else trial.to()
    later = [at for at in places if at > place]
    return trial.to(later[0]) if later else trial.to("check")


@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """All answers once more, and what the real form would refuse; ending forgets them."""
    trial = _enter(request, public_id, language)

    def act(form: ConfirmForm) -> HttpResponse:
        request.session.pop(TRIED, None)
        return redirect(trial.context()["edit_path"])

    judged = judge(trial.definition, trial.answers, trial.route)
    with override(language):
        return form_page(
            request,
            "consultations/desk/try_check.html",
            ConfirmForm,
            act=act,
            form_id="end",
            context={
                **trial.context(),
                "parts": describe(trial.definition, trial.answers, language, route=trial.route),
                "problems": [
                    {
                        "question": trial.definition.question(one.data.get("question", "")),
                        "sentence": str(one),
                    }
                    for one in judged.problems
                ],
                "pages": [(trial.to(at), one) for at, one in trial.pages()],
                "change": False,
            },
        )
