"""What moderators decide on here: comments; the names shown with them are in ``name_targets``.

Moderation knows only the kind and an opaque id; this says how a target is shown and what a
decision does to the rows. Proposed statements are registered by consultations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from moderation import registry
from moderation.registry import FileView, Passage, TargetView
from participation import name_targets, threads
from participation.actions.contributions import newest_version
from participation.attachments.shown import all_files_of
from participation.entry_targets import earlier_version, entry_target, entry_view
from participation.models import Comment, ContributionKind, ContributionState, label_of
from participation.name_targets import name_beside

TITLE_LIMIT = 300


def _comments() -> Any:
    return Comment.objects.select_related(
        "contribution",
        "contribution__engagement",
        "contribution__engagement__owner",
        "contribution__person",
        "contribution__receipt",
        "thread",
        "parent",
        "parent__contribution",
    ).prefetch_related("sides")


def load_comments(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue; official replies and withdrawn texts are left out."""
    rows = _comments().filter(contribution__public_id__in=list(public_ids), official=False)
    found = list(rows.exclude(contribution__state=ContributionState.WITHDRAWN))
    files = all_files_of(row.contribution for row in found)
    return {
        row.contribution.public_id: _comment_view(row, files.get(row.contribution.pk, ()))
        for row in found
    }


def _comment_view(comment: Comment, files: tuple[FileView, ...]) -> TargetView:
    contribution = comment.contribution
    engagement = comment.thread.engagement = contribution.engagement
    return replace(
        entry_view(contribution),
        passages=tuple(_passages(comment)),
        files=files,
        public_path=f"/e/{engagement.public_id}/comments/?on={comment.thread.key}"
        f"&at={contribution.public_id}#c-{contribution.public_id}",
    )


def _passages(comment: Comment) -> Iterable[Passage]:
    language = get_language() or "en"
    shown = threads.describe(comment.thread, language)
    text = strip_tags(shown.html).strip()
    yield Passage(
        label=shown.title, text=text[: TITLE_LIMIT * 4], language=shown.language or language
    )
    if side := label_of(comment.side_at(newest_version(comment.contribution))):
        yield Passage(label=pgettext("side", "Side"), text=str(side), language=language)
    yield from earlier_version(comment.contribution)
    if comment.parent is not None:
        parent = comment.parent.contribution
        yield Passage(label=_("In reply to"), text=parent.text, language=parent.language)


COMMENT = entry_target(ContributionKind.COMMENT, _("Comment"), load_comments, name_beside)


def register() -> None:
    """Called from ``ready()``."""
    registry.register(COMMENT)
    name_targets.register()
