"""Ideas for moderators: how one is shown and what a decision does to its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from ideas.actions.ideas import KIND, WHOLE_LIMIT, copy_version, follow_contribution
from ideas.actions.merging import release_led
from ideas.actions.screening import more_time
from ideas.authors import coauthors_of, is_coauthor
from ideas.models import CoAuthor, Idea
from moderation import registry
from moderation.registry import FileView, Passage, TargetView
from participation import kinds
from participation.attachments import holders
from participation.attachments.holders import Holder
from participation.attachments.shown import all_files_of
from participation.entry_targets import earlier_version, entry_target, entry_view
from participation.facets import DISTRICTS
from participation.kinds import Kind
from participation.models import ContributionState, Engagement
from participation.name_targets import name_beside

_NAMES = dict(DISTRICTS)


def load_ideas(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in four queries."""
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
    others = coauthors_of(found)
    return {
        row.contribution.public_id: _view(
            row, files.get(row.contribution.pk, ()), others.get(row.pk, [])
        )
        for row in found
    }


def _view(idea: Idea, files: tuple[FileView, ...], others: list[CoAuthor]) -> TargetView:
    return replace(
        entry_view(idea.contribution),
        also_by=tuple(one.person.public_id for one in others if one.person is not None),
        also_path=f"/ideas/{idea.contribution.public_id}/co-authors/",
        passages=tuple(_passages(idea)),
        files=files,
        public_path=f"/ideas/{idea.contribution.public_id}/",
    )


def _passages(idea: Idea) -> Iterable[Passage]:
    language = get_language() or "en"
    yield from earlier_version(idea.contribution)
    filed: list[Any] = []
    if idea.category is not None:
        filed.append(pick(idea.category.name, language).text)
    if idea.district in _NAMES:
        filed.append(str(_NAMES[idea.district]))
    if filed:
        yield Passage(label=_("Filed under"), text=" · ".join(filed), language=language)


IDEA = entry_target(KIND, _("Idea"), load_ideas, name_beside)


def _takes_files(engagement: Engagement) -> bool:
    """Every contest does: pictures and documents are added once the idea is handed in."""
    return True


def register() -> None:
    """Called from ``ready()``."""
    kinds.register(
        Kind(
            KIND,
            _("Idea"),
            pgettext_lazy("entries", "Ideas"),
            _("of which ideas"),
            "ideas",
            verb="submit",
            limit="submit_idea",
            edits=True,
            text_limit=WHOLE_LIMIT,
            more_time=more_time,
            writes_too=is_coauthor,
        )
    )
    kinds.on_change(KIND, follow_contribution)
    kinds.on_change(KIND, release_led)
    holders.register(
        Holder(kind=KIND, verb="submit", accepts=_takes_files, on_version=copy_version)
    )
    registry.register(IDEA)
