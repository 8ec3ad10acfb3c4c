"""My page: my ideas and drafts; and what the receipt of an idea shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.access import current_account
from accounts.mypage import register_section
from core import clock
from core.texts import known_language
from ideas.access import ideas_of, seats_of
from ideas.actions.ideas import KIND, newest
from ideas.asked import lines_of
from ideas.jury_reading import state_of
from ideas.models import CoAuthor, Idea, IdeaDraft
from ideas.standing import screening_of, timeline
from participation import kinds
from participation.models import Contribution, ContributionState
from participation.policies import can_edit_contribution

MOST = 50


def my_ideas(request: HttpRequest) -> dict[str, Any] | None:
    """Ideas I write, alone or with others, and my drafts; nothing where there is neither."""
    account = current_account(request)
    if account is None:
        return None
    ideas = list(
        ideas_of(account.person)
        .with_comments()
        .select_related("contribution__receipt", "engagement")
        .newest()[:MOST]
    )
    drafts = list(
        IdeaDraft.objects.filter(
            person=account.person, engagement__state="published"
        ).select_related("engagement")[:MOST]
    )
    for idea in ideas:
        idea.shared = idea.contribution.person_id != account.person.pk  # type: ignore[attr-defined]
    return {"ideas": ideas, "drafts": drafts} if ideas or drafts else None


def my_juries(request: HttpRequest) -> dict[str, Any] | None:
    """The juries I sit on; nothing for everybody else."""
    seats = seats_of(current_account(request))
    now = clock.now()
    return {"juries": [state_of(seat, now) for seat in seats]} if seats else None


def receipt_part(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """The receipt's part: the idea to its author, with what can still be added."""
    rows = Idea.objects.select_related("engagement", "merged_into__contribution")
    idea = rows.filter(pk=contribution.pk).first()
    if idea is None:
        return {}
    idea.contribution = contribution
    found: dict[str, Any] = {"part": "ideas/parts/receipt.html", "idea": idea, "mine": own}
    if contribution.state == ContributionState.PUBLISHED:
        found |= {
            "led_by": idea.merged_into,
            "screening": screening_of(idea),
            "steps": timeline(idea),
        }
    if not own:
        return found
    now, last = clock.now(), newest(idea)
    return {
        **found,
        "answers_part": "ideas/parts/said.html",
        "newest": last,
        "answers": lines_of(
            last,
            idea.engagement,
            language=known_language(get_language()),
            written_in=contribution.language,
            private=True,
        ),
        "has_coauthors": CoAuthor.objects.filter(idea=idea, ended_at=None).exists(),
        "can_change": can_edit_contribution(
            contribution=contribution, person=contribution.person, now=now
        ).allowed,
    }


def register() -> None:
    """Called from ``ready()``."""
    register_section("ideas/my_jury.html", my_juries, order=14)
    register_section("ideas/my_ideas.html", my_ideas, order=15)
    kinds.on_receipt(KIND, receipt_part)
