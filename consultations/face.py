"""The paper as the desk knows it: what it needs, what it refuses, what publishing writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from consultations.actions.questions import check_questions, refuse_unfinished
from consultations.actions.rows import write_paper
from consultations.actions.search_text import refresh_search_text
from consultations.blocks import STATEMENT_LIMIT
from consultations.checklist import content_steps
from consultations.models import ConsultationPage
from consultations.questions import definition_of_page, definition_of_pages, frozen_definition
from consultations.reading import chapters, seeds
from consultations.tree import ensure_section
from core import clock
from core.exceptions import Invalid
from participation import faces
from participation.actions.engagement import Schedule
from participation.actions.rules import has_opened
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from questionnaires.actions.definition import write_questionnaire
from questionnaires.blocks import limit_of
from questionnaires.editing import outline

#: The translated fields in the order of the desk.
ORDER = (
    "title",
    "summary",
    "contact",
    "key_dates",
    "cover_alt",
    "body",
    "statements",
    "questions_intro",
    "questions",
    "rules_reason",
)


def _schedule(draft: ConsultationPage) -> Schedule:
    """Raises ``Invalid`` without dates."""
    if draft.opens_at is None:
        raise Invalid(_("Enter the day it opens."), field="opens_on")
    if draft.closes_at is None:
        raise Invalid(_("Enter the last day."), field="closes_on")
    comment = int(draft.comment_level)
    return Schedule(
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        response_due=draft.response_due,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        levels={
            "comment": comment,
            "answer": int(draft.answer_level),
            "statement": max(comment, 1),
            "support": max(comment, 1),
            "vote": int(draft.vote_level),
        },
        grace_minutes=draft.grace_minutes,
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
        rules_reason={draft.language: draft.rules_reason},
    )


def _check(draft: ConsultationPage, engagement: Engagement | None) -> None:
    """Questions that hold together; after the opening statements keep their words."""
    check_questions(draft, engagement)
    if engagement is not None and has_opened(engagement, clock.now()):
        _check_statements(draft, engagement)
        _check_partners(draft, engagement)


def _check_statements(draft: ConsultationPage, engagement: Engagement) -> None:
    """A statement people may have voted on keeps its words: take it away and add another."""
    language = draft.language
    texts = seeds(draft)
    for row in engagement.statements.filter(retired_at=None).exclude(block_id=""):
        new = texts.get(row.block_id)
        if new is not None and row.text.get(language) and row.text[language] != new:
            raise Invalid(
                _(
                    "People may have voted on this statement, so its words stay. "
                    "Take it away and add another."
                ),
                field="statements",
            )


def _check_partners(draft: ConsultationPage, engagement: Engagement) -> None:
    """People wrote to those who were named, so who reads it with the owner stands."""
    held = engagement.partners.filter(in_use=True).values_list("code", flat=True)
    if set(held) != set(draft.partner_bodies.values_list("code", flat=True)):
        raise Invalid(
            _("It has opened: people wrote knowing who reads it, so its partner bodies stay."),
            field="partners",
            code="rule_stands",
        )


def _finish(draft: ConsultationPage) -> None:
    if not any(chapter.paragraphs for chapter in chapters(draft)):
        raise Invalid(_("Write at least one paragraph."), field="body")
    refuse_unfinished(draft)


def _write(
    *,
    engagement: Engagement,
    opening: Mapping[str, ConsultationPage],
    source: str,
    by: Account | None,
) -> None:
    engagement.partners.set(opening[source].partner_bodies)
    write_paper(engagement=engagement, opening=opening, source=source, by=by)
    write_questionnaire(
        engagement=engagement, definition=definition_of_pages(opening, source), by=by
    )
    refresh_search_text(engagement)


def _longest(path: str) -> int | None:
    name = path.partition(".")[0]
    if name == "statements":
        return STATEMENT_LIMIT
    return limit_of(path) if name == "questions" else None


def _headings(draft: ConsultationPage) -> Iterable[str]:
    return [chapter.value["heading"] for chapter in draft.body]


def _public_headings(engagement: Engagement) -> Iterable[str]:
    titles = engagement.chapters.filter(retired_at=None).values_list("title", flat=True)
    return [title for texts in titles for title in texts.values()]


def _review(draft: ConsultationPage) -> dict[str, Any]:
    return {
        "chapters": chapters(draft),
        "statements": seeds(draft).values(),
        "questions": outline(definition_of_page(draft), draft.language),
    }


def _stands(page: ConsultationPage, language: str, path: str) -> bool:
    """Whether people have answered a question that was public in this language."""
    if not path.startswith("questions"):
        return False
    frozen = frozen_definition(page.engagement)
    return frozen is not None and any(language in one.title for one in frozen.questions())


def register() -> None:
    """Called from ``ready()``."""
    faces.register(
        faces.Face(
            kind=DEFAULT_KIND,
            page_class=ConsultationPage,
            title=gettext_lazy("Consultation"),
            new_title=gettext_lazy("New consultation"),
            index="consultations/",
            index_title=gettext_lazy("All consultations"),
            sections=ensure_section,
            steps=content_steps,
            check=_check,
            finish=_finish,
            schedule=_schedule,
            write=_write,
            order=ORDER,
            longest=_longest,
            headings=_headings,
            public_headings=_public_headings,
            review_template="consultations/desk/review_paper.html",
            review=_review,
            stands=_stands,
            streams=frozenset({"body", "statements"}),
            anchors={"questions": "kf-questions"},
            words=faces.Words(
                noun=gettext_lazy("consultation"),
                back=gettext_lazy("Back to the paper"),
                follow=gettext_lazy("Follow this consultation"),
                whole=gettext_lazy("The whole paper"),
                write=gettext_lazy("Write the paper"),
            ),
        )
    )
