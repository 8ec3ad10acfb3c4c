"""Ideas for moderators: how one is shown and what a decision does to its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.exceptions import Absent
from core.texts import pick
from ideas.actions.ideas import KIND, WHOLE_LIMIT, copy_version, follow_contribution
from ideas.models import Idea
from moderation import registry
from moderation.registry import FileView, Passage, Target, TargetView
from participation import kinds
from participation.actions.contributions import (
    newest_text,
    newest_version,
    publish_contribution,
    withhold_contribution,
)
from participation.attachments import holders
from participation.attachments.holders import Holder
from participation.attachments.shown import all_files_of
from participation.facets import DISTRICTS
from participation.kinds import Kind
from participation.models import Contribution, ContributionState, Engagement
from participation.moderation_targets import lock_entry

_NAMES = dict(DISTRICTS)


def load_idea(public_id: str) -> TargetView | None:
    """An idea by its entry's public id; None for a withdrawn or unknown one."""
    return load_ideas([public_id]).get(public_id)


def load_ideas(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in three queries."""
    rows = (
        Idea.objects.filter(contribution__public_id__in=list(public_ids))
        .exclude(contribution__state=ContributionState.WITHDRAWN)
        .select_related(
            "contribution__engagement__owner",
            "contribution__person",
            "contribution__receipt",
            "category",
        )
    )
    found = list(rows)
    files = all_files_of(row.contribution for row in found)
    return {
        row.contribution.public_id: _view(row, files.get(row.contribution.pk, ())) for row in found
    }


def _view(idea: Idea, files: tuple[FileView, ...]) -> TargetView:
    contribution = idea.contribution
    engagement = contribution.engagement
    return TargetView(
        public_id=contribution.public_id,
        text=newest_text(contribution),
        language=contribution.language,
        version=newest_version(contribution),
        author_id=contribution.person.public_id if contribution.person else "",
        author_name=contribution.author_name,
        engagement_id=engagement.public_id,
        title=engagement.title,
        bureau=engagement.owner.name,
        bureau_code=engagement.owner.code,
        closes_at=engagement.closes_at,
        received_at=contribution.received_at,
        passages=tuple(_passages(idea)),
        files=files,
        public=contribution.state == ContributionState.PUBLISHED
        and engagement.state == "published",
        public_path=f"/ideas/{contribution.public_id}/",
        author_path=f"/receipts/{contribution.receipt.code}/",
    )


def _passages(idea: Idea) -> Iterable[Passage]:
    language = get_language() or "en"
    contribution = idea.contribution
    if contribution.held_version is not None:
        yield Passage(
            label=_("The earlier version, public now"),
            text=contribution.text,
            language=contribution.language,
        )
    filed: list[Any] = []
    if idea.category is not None:
        filed.append(pick(idea.category.name, language).text)
    if idea.district in _NAMES:
        filed.append(str(_NAMES[idea.district]))
    if filed:
        yield Passage(label=_("Filed under"), text=" · ".join(filed), language=language)


def _contribution(public_id: str) -> Contribution:
    row = Contribution.objects.filter(public_id=public_id, kind=KIND).first()
    if row is None:
        raise Absent
    return row


def publish_idea(public_id: str, by: Account, version: int) -> None:
    """Let everybody read the idea."""
    publish_contribution(contribution=_contribution(public_id), by=by, version=version)


def withhold_idea(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """Seal the idea; it is no longer listed."""
    withhold_contribution(
        contribution=_contribution(public_id), by=by, version=version, rule=rule, sentence=sentence
    )


def _takes_files(engagement: Engagement) -> bool:
    """Every contest does: pictures and documents are added once the idea is handed in."""
    return True


def register() -> None:
    """Called from ``ready()``."""
    kinds.register(
        Kind(
            KIND,
            _("Idea"),
            "ideas",
            verb="submit",
            limit="submit_idea",
            edits=True,
            text_limit=WHOLE_LIMIT,
        )
    )
    kinds.on_change(KIND, follow_contribution)
    holders.register(
        Holder(kind=KIND, verb="submit", accepts=_takes_files, on_version=copy_version)
    )
    registry.register(
        Target(
            kind=KIND,
            title=_("Idea"),
            load=load_idea,
            load_many=load_ideas,
            publish=publish_idea,
            withhold=withhold_idea,
            lock=lock_entry,
        )
    )
