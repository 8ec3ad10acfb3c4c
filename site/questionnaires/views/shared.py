"""What the pages of answering share: the draft of this visit, and what each page says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.access import current_account, current_person
from accounts.models import Account, Person
from core import clock
from core.exceptions import Absent
from participation.access import access_engagement
from participation.models import Engagement
from participation.policies import Verdict, can
from participation.views.shared import about, language
from questionnaires import flow, gates, visit
from questionnaires.access import access_draft, access_questionnaire
from questionnaires.actions.drafts import ends_at
from questionnaires.definition import Definition, QuestionDef, SectionDef
from questionnaires.editions import reworded_since
from questionnaires.loading import load_definition
from questionnaires.models import Draft, Questionnaire
from questionnaires.whereabouts import MOVED


@dataclass
class Visit:
    """One request to the pages of answering: whose, of what, and the draft it has begun."""

    request: HttpRequest
    engagement: Engagement
    questionnaire: Questionnaire
    definition: Definition
    draft: Draft | None
    account: Account | None
    person: Person | None
    language: str
    #: Whether this visit held a draft that was opened elsewhere by its mailed link.
    moved: bool = False

    @property
    def verdict(self) -> Verdict:
        """Whether this reader may submit now, with the grace of a draft begun in time."""
        return can(
            "answer",
            engagement=self.engagement,
            person=self.person,
            now=clock.now(),
            begun_at=self.draft.begun_at if self.draft else None,
        )

    @property
    def may_go_on(self) -> bool:
        """Whether answering goes on, signed in or to be."""
        verdict = self.verdict
        return verdict.allowed or verdict.would_help or verdict.code == "level"

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers if self.draft else {}

    @property
    def route(self) -> str:
        return self.draft.route if self.draft else flow.WHOLE

    @property
    def changing(self) -> bool:
        """Whether a response that was sent is being changed."""
        return self.draft is not None and self.draft.response_id is not None

    def reworded(self) -> list[QuestionDef]:
        """Answered questions whose words changed since: to be read again before anything is sent.

        What was sent once is not among them: from then on no words change.
        """
        if self.draft is None or self.changing:
            return []
        return reworded_since(self.definition, self.answers, self.route, self.draft.seen)

    def pages(self) -> list[SectionDef]:
        """The parts this person meets now."""
        return flow.pages(self.definition, self.answers, self.route)

    def place(self, section: SectionDef) -> int:
        """The part's place among all, from 1, which its address names."""
        keys = [each.key for each in self.definition.sections]
        return keys.index(section.key) + 1

    def to(self, name: str, *args: object) -> str:
        """The address of another page of answering here."""
        return reverse(f"questionnaires:{name}", args=[self.engagement.public_id, *args])

    def go(self, name: str, *args: object) -> HttpResponse:
        return HttpResponseRedirect(self.to(name, *args))

    def context(self) -> dict[str, Any]:
        """What every page says."""
        grace = ends_at(self.engagement) if self.engagement.closes_at else None
        now = clock.now()
        closes_at = self.engagement.closes_at
        return {
            **about(self.engagement),
            "questionnaire": self.questionnaire,
            "draft": self.draft,
            "changing": self.changing,
            "start_path": self.to("start"),
            "later_path": self.to("later"),
            "in_grace": closes_at is not None and closes_at <= now,
            "grace_ends_at": grace,
        }


def enter(request: HttpRequest, public_id: str) -> Visit:
    """The engagement, its questions, this visit's draft. Raises Absent where nothing is asked."""
    engagement = access_engagement(public_id)
    questionnaire = access_questionnaire(engagement)
    definition = load_definition(questionnaire)
    if not flow.asked(definition):
        raise Absent
    draft, moved = None, False
    token = visit.recall(request, questionnaire)
    if token:
        try:
            draft = access_draft(token, questionnaire)
        except Absent as error:
            # A token whose draft went elsewhere is kept: it says why nothing is here.
            moved = error.code == MOVED
            if not moved:
                visit.forget(request, questionnaire)
    person = current_person(request)
    return Visit(
        request=request,
        engagement=engagement,
        questionnaire=questionnaire,
        definition=gates.asked_of(engagement, definition, person),
        draft=draft,
        account=current_account(request),
        person=person,
        language=language(),
        moved=moved,
    )


def first_page(here: Visit) -> HttpResponse:
    """Where answering begins: the list of parts when there are many questions, else the first."""
    pages = here.pages()
    if not pages:
        return here.go("check")
    if flow.needs_task_list(here.definition, here.route):
        return here.go("tasks")
    return here.go("part", here.place(pages[0]))


def receipt_of(draft: Draft) -> HttpResponse | None:
    """The receipt, once the draft was submitted."""
    if draft.submitted_at is None or draft.response is None:
        return None
    code = draft.response.contribution.receipt.code
    return HttpResponseRedirect(reverse("participation:receipt", args=[code]))
