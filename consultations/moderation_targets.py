"""Proposed statements for moderators: how one is shown and what a decision does to its rows."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from consultations.actions.statements import follow_contribution
from core.exceptions import Absent
from moderation import registry
from moderation.registry import Target, TargetView
from participation import kinds
from participation.actions.contributions import publish_contribution, withhold_contribution
from participation.models import Contribution, ContributionKind, ContributionState
from participation.moderation_targets import lock_entry


def load_statement(public_id: str) -> TargetView | None:
    """A proposed statement by its entry's public id; None for a withdrawn or unknown one."""
    return load_statements([public_id]).get(public_id)


def load_statements(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in one query."""
    rows = (
        Contribution.objects.filter(public_id__in=list(public_ids), kind=ContributionKind.STATEMENT)
        .exclude(state=ContributionState.WITHDRAWN)
        .select_related("engagement__owner", "person", "receipt")
    )
    return {row.public_id: _view(row) for row in rows}


def _view(contribution: Contribution) -> TargetView:
    engagement = contribution.engagement
    return TargetView(
        public_id=contribution.public_id,
        text=contribution.text,
        language=contribution.language,
        version=contribution.version,
        author_id=contribution.person.public_id if contribution.person else "",
        engagement_id=engagement.public_id,
        title=engagement.title,
        title_words=engagement.title_words,
        bureau=engagement.owner.name,
        bureau_code=engagement.owner.code,
        closes_at=engagement.closes_at,
        received_at=contribution.received_at,
        public=contribution.state == ContributionState.PUBLISHED
        and engagement.state == "published",
        public_path=f"/e/{engagement.public_id}/statements/results/",
        author_path=f"/receipts/{contribution.receipt.code}/",
    )


def _contribution(public_id: str) -> Contribution:
    row = Contribution.objects.filter(public_id=public_id, kind=ContributionKind.STATEMENT).first()
    if row is None:
        raise Absent
    return row


def publish_statement(public_id: str, by: Account, version: int) -> None:
    """Put the statement to everybody."""
    publish_contribution(contribution=_contribution(public_id), by=by, version=version)


def withhold_statement(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """Seal the statement; it takes no more votes."""
    withhold_contribution(
        contribution=_contribution(public_id), by=by, version=version, rule=rule, sentence=sentence
    )


def register() -> None:
    """Called from ``ready()``."""
    kinds.on_change("statement", follow_contribution)
    registry.register(
        Target(
            kind="statement",
            title=_("Statement"),
            load=load_statement,
            load_many=load_statements,
            publish=publish_statement,
            withhold=withhold_statement,
            lock=lock_entry,
        )
    )
