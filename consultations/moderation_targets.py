"""Proposed statements for moderators: how one is shown and what a decision does to its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from consultations.actions.statements import follow_contribution
from moderation import registry
from moderation.registry import TargetView
from participation import kinds
from participation.entry_targets import entry_target, entry_view
from participation.models import Contribution, ContributionKind, ContributionState


def load_statements(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in one query."""
    rows = (
        Contribution.objects.filter(public_id__in=list(public_ids), kind=ContributionKind.STATEMENT)
        .exclude(state=ContributionState.WITHDRAWN)
        .select_related("engagement__owner", "person", "receipt")
    )
    return {row.public_id: _view(row) for row in rows}


def _view(contribution: Contribution) -> TargetView:
    # A statement stands for itself: nobody's name is shown with it, nor to the moderator.
    return replace(
        entry_view(contribution),
        author_name="",
        public_path=f"/e/{contribution.engagement.public_id}/statements/results/",
    )


STATEMENT = entry_target(ContributionKind.STATEMENT, _("Statement"), load_statements)


def register() -> None:
    """Called from ``ready()``."""
    kinds.on_change("statement", follow_contribution)
    registry.register(STATEMENT)
