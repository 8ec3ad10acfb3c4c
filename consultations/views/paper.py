"""A paper as citizens read it: whole or by chapter, in one language, at any stage."""

import dataclasses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations import reading
from consultations.access import access_public_paper
from consultations.cards import answering
from consultations.home import next_change_of
from consultations.models import ConsultationPage, Paragraph, Statement
from consultations.questions import definition_of_page, summary
from consultations.translation import untranslated
from core import clock, page_cache
from core.exceptions import Absent
from core.texts import html_lang, known_language
from feedback.access import delivery_of
from participation import live, timeline
from participation.access import access_engagement_of
from participation.models import (
    Contribution,
    Engagement,
    PublicNotice,
    Vote,
)
from participation.policies import (
    can,
    can_comment,
    can_propose_statement,
    can_see_results,
    can_vote,
)
from participation.register import counts_by_thread
from participation.search_more import more_like
from participation.stages import Stage, outcome_of, published_outcome, stage
from questionnaires.editing import outline

_PREVIEW_STAGES = {
    "open": Stage.OPEN,
    "upcoming": Stage.UPCOMING,
    "closed": Stage.OUTCOME_DUE,
    "outcome": Stage.OUTCOME_PUBLISHED,
}


def paper(request: HttpRequest, page: ConsultationPage, mode: str = "") -> HttpResponse:
    """The public page, or (``mode``) a draft as it will look at a later stage.

    Public bytes are the same for everybody; each act is a link to its own small page. Raises
    Absent for a page whose engagement is not public, and for an unknown chapter.
    """
    if mode:
        engagement = page.engagement or Engagement(title={}, summary={}, owner=page.bureau)
        context = _context(request, page, engagement, mode)
        return render(request, "consultations/paper.html", context)
    return _public(request, page, access_engagement_of(page))


@require_safe
def address(request: HttpRequest, bureau: str, slug: str) -> HttpResponse:
    """The public page by its address, without walking the page tree for it (nine queries)."""
    page, engagement = access_public_paper(bureau, slug, known_language(get_language()))
    return _public(request, page, engagement)


def _public(request: HttpRequest, page: ConsultationPage, engagement: Engagement) -> HttpResponse:
    now = clock.now()
    likes = more_like(engagement, known_language(get_language()), now)
    context = {
        **_context(request, page, engagement, ""),
        "more": [more for _row, more in likes],
    }
    return page_cache.keep(
        render(request, "consultations/paper.html", context),
        tags=[live.tag(engagement), *(live.tag(row) for row, _more in likes)],
        now=now,
        until=next_change_of(engagement, now),
    )


def _context(
    request: HttpRequest, page: ConsultationPage, engagement: Engagement, mode: str
) -> dict[str, Any]:
    now = clock.now()
    bureau = engagement.owner
    current = stage(engagement, now)
    if mode:
        # A draft is shown with the dates it would have, at the stage that was asked for.
        current = _PREVIEW_STAGES.get(mode, Stage.OPEN)
        engagement.opens_at, engagement.closes_at = page.opens_at, page.closes_at
        engagement.response_due = page.response_due
    chapters = reading.chapters(page)
    shown, before, after = _chosen(chapters, request.GET.get("chapter", ""))
    language = known_language(get_language())
    acts = f"/{language}/e/{engagement.public_id}/"
    person = None
    commentable = (
        current.is_open
        if mode
        else _open(can_comment(engagement=engagement, person=person, now=now))
    )
    votable = (
        current.is_open if mode else _open(can_vote(engagement=engagement, person=person, now=now))
    )
    outcome = published_outcome(engagement) if engagement.pk else None
    # A draft version may lack words: the source's stand there, and say which language they are.
    foreign = untranslated(page) if mode else set()
    statements = _statements(engagement, page, preview=bool(mode), foreign=foreign)
    comments = counts_by_thread(engagement) if engagement.pk else {}
    context = {
        "page": page,
        "engagement": engagement,
        "bureau": bureau,
        "state": current.value,
        "preview": mode,
        "foreign": foreign,
        "foreign_lang": html_lang(engagement.source_language) if foreign else "",
        "minutes": reading.minutes_to_read(chapters),
        "chapters": chapters,
        "shown": _with_threads(shown, engagement, comments, acts if commentable else "", acts),
        "whole": len(shown) == len(chapters),
        "chapter": shown[0] if len(shown) < len(chapters) else None,
        "previous": before,
        "next": after,
        "commentable": commentable,
        "votable": votable,
        "proposable": votable
        and (mode or _open(can_propose_statement(engagement=engagement, person=None, now=now))),
        "asked": _asked(engagement, page, preview=bool(mode)),
        "answerable": current.is_open
        if mode
        else _open(can("answer", engagement=engagement, person=None, now=now)),
        "results_open": engagement.pk and can_see_results(engagement=engagement, now=now).allowed,
        "acts": acts,
        "statements": statements,
        "statement": statements[0] if statements else None,
        "outcome": outcome,
        **_answer(engagement, current),
        "delivery": delivery_of(engagement) if current.is_past and not mode else None,
        "notices": _notices(engagement),
        "versions": list(engagement.paper_versions.all()[:10]) if engagement.pk else [],
        "steps": timeline.steps(engagement, current, now) if engagement.opens_at else [],
        "crumbs": [
            {"href": f"/{language}/", "text": _("Home")},
            {"href": f"/{language}/consultations/", "text": _("Consultations")},
            {"href": f"/{language}/consultations/{bureau.slug}/", "text": str(bureau)},
        ],
        "whole_count": comments.get("whole", 0),
        **_numbers(engagement),
    }
    if mode == "outcome" and outcome is None:
        context["outcome_sample"] = True
    return context


def _answer(engagement: Engagement, current: Stage) -> dict[str, Any]:
    """What else is public of the answer: its parts, what was heard, why it is late."""
    row = outcome_of(engagement) if engagement.pk else None
    return {
        "outcome_items": row.items.exclude(heard_at=None).filter(removed_at=None).count()
        if row and row.published_at
        else 0,
        "heard": bool(row and row.heard_at),
        "reason": timeline.reason_for_delay(engagement)
        if current is Stage.OUTCOME_OVERDUE
        else None,
    }


def _notices(engagement: Engagement) -> list[PublicNotice]:
    """The newest notices. Why an answer is late has a place of its own."""
    if not engagement.pk:
        return []
    return list(engagement.public_notices.exclude(kind="late")[:10])


def _open(verdict: Any) -> bool:
    """Whether the act is open to somebody: allowed, or allowed once signed in or verified."""
    return verdict.allowed or verdict.code in {"sign-in", "level"}


def _chosen(
    chapters: list[reading.ChapterView], anchor: str
) -> tuple[list[reading.ChapterView], reading.ChapterView | None, reading.ChapterView | None]:
    """The chapters to show with the one before and after; all of them without ``?chapter=``."""
    if not anchor:
        return chapters, None, None
    for place, chapter in enumerate(chapters):
        if chapter.anchor == anchor:
            before = chapters[place - 1] if place else None
            after = chapters[place + 1] if place + 1 < len(chapters) else None
            return [chapter], before, after
    raise Absent


@dataclasses.dataclass(frozen=True)
class _Part:
    """An item of a chapter with what can be done about it."""

    item: reading.Item
    comment_url: str = ""
    comments_url: str = ""
    count: int = 0


def _with_threads(
    chapters: list[reading.ChapterView],
    engagement: Engagement,
    counts: dict[str, int],
    comment_acts: str,
    acts: str,
) -> list[tuple[reading.ChapterView, list[_Part]]]:
    """Each item with its links and the number of public comments; one query for all.

    ``comment_acts`` is empty where nothing can be written now.
    """
    keys: dict[str, str] = {}
    if engagement.pk:
        keys = dict(
            Paragraph.objects.filter(engagement=engagement).values_list("block_id", "thread__key")
        )
    shown = []
    for chapter in chapters:
        parts = []
        for item in chapter.items:
            key = keys.get(item.block_id, "")
            parts.append(
                _Part(
                    item,
                    comment_url=f"{comment_acts}comment/?on={key}" if comment_acts and key else "",
                    comments_url=f"{acts}comments/?on={key}" if key else "",
                    count=counts.get(key, 0),
                )
            )
        shown.append((chapter, parts))
    return shown


def _numbers(engagement: Engagement) -> dict[str, Any]:
    """What was received so far; turnout is public, choices follow the results' own rule."""
    if not engagement.pk:
        return {"received": 0, "voters": 0}
    return {
        "received": Contribution.objects.filter(engagement=engagement).by_citizens().count(),
        "voters": Vote.objects.filter(ballot__engagement=engagement)
        .values("person")
        .distinct()
        .count(),
    }


def _asked(
    engagement: Engagement, page: ConsultationPage, *, preview: bool
) -> dict[str, Any] | None:
    """How many questions there are and how long they take; a preview counts the draft's."""
    if not preview:
        return answering([engagement]).get(engagement.pk)
    if not page.questions:
        return None
    found = summary(definition_of_page(page))
    return {
        "questions": found.asked,
        "minutes": found.minutes,
        "key_minutes": found.key_minutes,
        "outline": outline(definition_of_page(page), page.language),
    }


def _statements(
    engagement: Engagement, page: ConsultationPage, *, preview: bool, foreign: set[str]
) -> list[Any]:
    """Public statements in the officer's order; a preview shows the draft's seeds."""
    if preview:
        return [
            {"text": {engagement.source_language if key in foreign else page.language: text}}
            for key, text in reading.seeds(page).items()
        ]
    return list(
        Statement.objects.filter(engagement=engagement, state="published", retired_at__isnull=True)[
            :200
        ]
    )
