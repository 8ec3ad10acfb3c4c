"""What every moderation target that is an entry of the register shares, whichever room it is of.

A room says how to load its kind and what to show beside the text; how an entry is shown, held and
decided on is the same for all of them and stands here once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.exceptions import Absent
from moderation.registry import Passage, Target, TargetView
from participation.actions.contributions import (
    newest_text,
    newest_version,
    publish_contribution,
    withhold_contribution,
)
from participation.models import Contribution, ContributionState


def entry_view(contribution: Contribution) -> TargetView:
    """The entry as a moderator sees it: its newest text, whose it is, where and until when.

    Without passages, files and ``public_path``, which its room adds by ``dataclasses.replace``.
    Reads ``engagement__owner``, ``person`` and ``receipt``: let the caller select them.
    """
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
        title_words=engagement.title_words,
        bureau=engagement.owner.name,
        bureau_code=engagement.owner.code,
        closes_at=engagement.closes_at,
        received_at=contribution.received_at,
        public=contribution.state == ContributionState.PUBLISHED
        and engagement.state == "published",
        author_path=f"/receipts/{contribution.receipt.code}/",
    )


def earlier_version(contribution: Contribution) -> tuple[Passage, ...]:
    """What is public of an entry whose newest version waits; nothing where none waits."""
    if contribution.held_version is None:
        return ()
    return (
        Passage(
            label=_("The earlier version, public now"),
            text=contribution.text,
            language=contribution.language,
        ),
    )


def lock_entry(public_id: str) -> None:
    """Hold the register's entry until the decision is written, as its author's acts do."""
    rows = Contribution.objects.select_for_update(of=("self",)).filter(public_id=public_id)
    rows.order_by("pk").first()


def entry_target(
    kind: str,
    title: str | Promise,
    load_many: Callable[[Iterable[str]], Mapping[str, TargetView]],
    name_of: Callable[[str], tuple[str, str] | None] | None = None,
) -> Target:
    """The target of a kind of entries: published, withheld and held through the register."""

    def load(public_id: str) -> TargetView | None:
        return load_many([public_id]).get(public_id)

    def publish(public_id: str, by: Account, version: int) -> None:
        publish_contribution(contribution=_entry(kind, public_id), by=by, version=version)

    def withhold(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
        withhold_contribution(
            contribution=_entry(kind, public_id),
            by=by,
            version=version,
            rule=rule,
            sentence=sentence,
        )

    return Target(
        kind=kind,
        title=title,
        load=load,
        load_many=load_many,
        publish=publish,
        withhold=withhold,
        lock=lock_entry,
        name_of=name_of,
    )


def _entry(kind: str, public_id: str) -> Contribution:
    row = Contribution.objects.filter(public_id=public_id, kind=kind).first()
    if row is None:
        raise Absent
    return row
