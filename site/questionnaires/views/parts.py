"""The questions, part by part; the list of parts; saving after a rest."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.dates import format_time
from core.exceptions import Absent, Conflict, DomainError
from core.form_pages import form_page
from questionnaires import flow, visit
from questionnaires.actions.drafts import save_draft, stamp
from questionnaires.corrections import corrections_of
from questionnaires.definition import QuestionDef, SectionDef
from questionnaires.describing import describe_typed
from questionnaires.forms import PartForm, entries
from questionnaires.kinds.base import field_name
from questionnaires.views.shared import Visit, enter, receipt_of
from questionnaires.views.start import read_closed
from questionnaires.whereabouts import not_here

METHODS = ["GET", "HEAD", "POST"]
BACK, LATER = "back", "later"
_DIGITS = 9


def _section(here: Visit, place: int) -> SectionDef:
    """The part at a place. Raises Absent for a place there is not."""
    if not 1 <= place <= len(here.definition.sections):
        raise Absent
    return here.definition.sections[place - 1]


def questions_of(here: Visit, section: SectionDef) -> list[QuestionDef]:
    """What a page holds: the questions shown, and those its own answers may open, in order."""
    shown = {one.key for one in flow.shown(here.definition, here.answers, here.route)}
    shown |= {
        one.key for one in flow.may_follow(here.definition, section, here.answers, here.route)
    }
    return [question for question in section.questions if question.key in shown]


def _keys(section: SectionDef) -> list[str]:
    """All questions of a part: what its pages are compared by, whatever is shown of it."""
    return [question.key for question in section.questions]


def _edition(request: HttpRequest) -> int | None:
    """The edition whose words stand on the page that was sent; None where it does not say."""
    given = request.POST.get("edition", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else None


def _before(here: Visit) -> dict[str, Any]:
    """Values that may keep a closed option: only those of a response that was sent."""
    return here.answers if here.changing else {}


@never_cache
@require_http_methods(METHODS)
def part(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """One part. Each page turn saves; 'back' and 'later' save too, so that nothing is lost."""
    here = enter(request, public_id)
    section = _section(here, place)
    draft = here.draft
    if draft is None:
        if here.moved and request.method == "POST":
            return _typed_in_vain(request, here, section)
        return here.go("start")
    if draft.submitted_at is not None:
        return receipt_of(draft) or here.go("start")
    if request.method != "POST" and not here.may_go_on:
        return read_closed(request, here)
    questions = questions_of(here, section)
    if not questions:
        return here.go("check")
    to_check = request.GET.get("check") == "1"
    going = request.POST.get("go", "")

    def act(form: PartForm) -> HttpResponse:
        turned = going not in {BACK, LATER}
        saved = save_draft(
            draft=draft,
            values=form.values(),
            passed=section.key if turned else "",
            was=request.POST.get("was") or None,
            of=_keys(section),
            language=here.language,
            person=here.person,
            edition=_edition(request),
        )
        here.draft = draft
        draft.answers, draft.passed, draft.seen = saved.answers, saved.passed, saved.seen
        return _turn(here, section, request, to_check=to_check)

    page = here.pages()
    number = next((n for n, each in enumerate(page, start=1) if each.key == section.key), 1)
    options: dict[str, Any] = {
        "questions": questions,
        "language": here.language,
        "answers": here.answers,
        "before": _before(here),
        "lenient": going in {BACK, LATER},
    }
    return form_page(
        request,
        "questionnaires/part.html",
        PageForm,
        act=act,
        form_id="part",
        here=here,
        section=section,
        **options,
        context={
            **here.context(),
            "section": section,
            "number": number,
            "total": len(page),
            "has_tasks": flow.needs_task_list(here.definition, here.route),
            "tasks_path": here.to("tasks"),
            "save_path": here.to("save", place),
            "was": stamp(draft, _keys(section)),
            "to_check": to_check,
            "saved_at": draft.saved_at if draft.revision else None,
        },
    )


def _typed_in_vain(request: HttpRequest, here: Visit, section: SectionDef) -> HttpResponse:
    """The draft went elsewhere while this was typed: not saved, and shown, so that it is not lost.

    Nothing else of the draft is: this visit may no longer read it.
    """
    form = PartForm(
        request.POST,
        questions=list(section.questions),
        language=here.language,
        answers={},
        before={},
        lenient=True,
    )
    form.is_valid()
    return render(
        request,
        "questionnaires/moved.html",
        {
            **here.context(),
            "parts": describe_typed(here.definition, section, form.values(), here.language),
        },
        status=Conflict.default_status,
    )


class PageForm(PartForm):
    """The page's form, which also says how each question is shown."""

    def __init__(self, *args: Any, here: Visit, section: SectionDef, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here, self.section = here, section

    def entries(self) -> list[dict[str, Any]]:
        """What the template shows. After a refusal questions stay as they were seen."""
        found = entries(
            self, self.section, self.here.definition, self.here.answers, self.here.route
        )
        if self.is_bound and hasattr(self.data, "getlist"):
            seen = set(self.data.getlist("seen"))
            for entry in found:
                entry["hidden"] = entry["hidden"] and entry["name"] not in seen
        notes = corrections_of(self.here.questionnaire)
        reworded = {question.key for question in self.here.reworded()}
        for entry in found:
            entry["reworded"] = entry["question"].key in reworded
            entry["corrections"] = notes.get(entry["question"].anchor, [])
        return found


def _turn(
    here: Visit, section: SectionDef, request: HttpRequest, *, to_check: bool
) -> HttpResponse:
    going = request.POST.get("go", "")
    place = here.place(section)
    if going == LATER:
        return here.go("later")
    pages = here.pages()
    places = [here.place(each) for each in pages]
    if going == BACK:
        earlier = [each for each in places if each < place]
        if to_check:
            return here.go("check")
        return here.go("part", earlier[-1]) if earlier else here.go("start")
    seen = set(request.POST.getlist("seen"))
    opened = [
        question
        for each in pages
        if each.key == section.key
        for question in each.questions
        if field_name(question) not in seen
    ]
    if opened and seen:
        # Answers of this page opened questions that were not there to be seen: they come now.
        query = "?check=1" if to_check else "?more=1"
        return HttpResponseRedirect(f"{here.to('part', place)}{query}#box-{field_name(opened[0])}")
    if to_check:
        return here.go("check")
    following = [each for each in places if each > place]
    return here.go("part", following[0]) if following else here.go("check")


@never_cache
@require_safe
def task_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """All parts and how far each is: for more than ten questions."""
    here = enter(request, public_id)
    draft = here.draft
    if draft is None:
        return here.go("start")
    if draft.submitted_at is not None:
        return receipt_of(draft) or here.go("start")
    if not here.may_go_on:
        return read_closed(request, here)
    tasks = []
    for section in here.pages():
        done = section.key in draft.passed
        begun = any(question.key in draft.answers for question in section.questions)
        tasks.append(
            {
                "section": section,
                "path": here.to("part", here.place(section)),
                "state": "done" if done else "begun" if begun else "new",
            }
        )
    return render(
        request,
        "questionnaires/tasks.html",
        {
            **here.context(),
            "tasks": tasks,
            "done": sum(task["state"] == "done" for task in tasks),
            "check_path": here.to("check"),
        },
    )


@never_cache
@require_POST
def save(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """Keep what stands on the page while somebody rests; answers JSON.

    What is not in order yet is left out and ``all`` says so: it is judged at the page turn.
    """
    try:
        here = enter(request, public_id)
        section = _section(here, place)
        if here.draft is None or here.draft.submitted_at is not None:
            raise not_here(visit.recall(request, here.questionnaire))
        questions = questions_of(here, section)
        form = PartForm(
            request.POST,
            questions=questions,
            language=here.language,
            answers=here.answers,
            before=_before(here),
            lenient=True,
        )
        sound = form.is_valid()
        row = save_draft(
            draft=here.draft,
            values=form.values(),
            was=request.POST.get("was") or None,
            of=_keys(section),
            language=here.language,
            edition=_edition(request),
        )
    except DomainError as error:
        return JsonResponse(
            {"saved": False, "code": error.code, "sentence": str(error)}, status=error.status
        )
    return JsonResponse(
        {
            "saved": True,
            "all": sound,
            "at": format_time(row.saved_at, here.language),
            "was": stamp(row, _keys(section)),
        }
    )
