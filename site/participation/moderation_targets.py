"""What moderators decide on here: comments and display names.

Moderation knows only the kind and an opaque id; this says how a target is shown and what a
decision does to the rows. Proposed statements are registered by consultations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.html import strip_tags
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import clear_display_name
from accounts.models import Account
from accounts.signals import name_chosen
from core.exceptions import Absent, Conflict
from moderation import actions as moderation
from moderation import registry
from moderation.registry import FileView, Passage, Target, TargetView
from participation import threads
from participation.actions.contributions import (
    check_name_not_withheld,
    newest_version,
    set_name_withheld,
)
from participation.attachments.shown import all_files_of
from participation.entry_targets import earlier_version, entry_target, entry_view
from participation.models import (
    Comment,
    Contribution,
    ContributionKind,
    ContributionState,
    label_of,
)

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
        f"#c-{contribution.public_id}",
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


def lock_account(public_id: str) -> None:
    """Hold the account whose display name is decided on, as choosing another does."""
    rows = Account.objects.select_for_update(of=("self",)).filter(public_id=public_id)
    rows.order_by("pk").first()


COMMENT = entry_target(ContributionKind.COMMENT, _("Comment"), load_comments)


def load_name(public_id: str) -> TargetView | None:
    """A display name, known by its account's public id; None once it was taken away."""
    return load_names([public_id]).get(public_id)


def load_names(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several display names at once. One is public when a public text shows it."""
    shown = Contribution.objects.published().filter(
        person=OuterRef("person"), author_name=OuterRef("display_name"), name_withheld=False
    )
    rows = (
        Account.objects.filter(public_id__in=list(public_ids))
        .exclude(display_name="")
        .select_related("person")
        .annotate(name_is_public=Exists(shown))
    )
    return {
        row.public_id: TargetView(
            public_id=row.public_id,
            text=row.display_name,
            language=row.language,
            version=row.display_name_version,
            author_id=row.person.public_id,
            author_name=row.display_name,
            public=row.name_is_public,
            author_path="/account/",
        )
        for row in rows
    }


def _account(public_id: str) -> Account:
    row = Account.objects.select_related("person").filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def publish_name(public_id: str, by: Account, version: int) -> None:
    """The name may stay, and where it was hidden it is shown again."""
    account = _account(public_id)
    if account.display_name_version != version:
        raise Conflict(_("The name has been changed meanwhile."), code="edited")
    set_name_withheld(person=account.person, name=account.display_name, by=by, withheld=False)


@transaction.atomic
def withhold_name(public_id: str, by: Account, version: int, rule: str, sentence: str) -> None:
    """Hide the name wherever it stands; the account chooses another at its next public act."""
    account = _account(public_id)
    name = account.display_name
    if not clear_display_name(account=account, version=version, by=by):
        raise Conflict(_("The name has been changed meanwhile."), code="edited")
    set_name_withheld(person=account.person, name=name, by=by, withheld=True)


def queue_name(
    *, account: Account, name: str, version: int, previous: str, **_kwargs: object
) -> None:
    """A new display name is looked at by a moderator; it may be used meanwhile.

    One that was withheld from this person is refused (Invalid), wherever it is chosen.
    """
    if name:
        check_name_not_withheld(person=account.person, name=name, field="name")
        moderation.enqueue(
            kind="name",
            target_id=account.public_id,
            author_id=account.person.public_id,
            reason="name",
            version=version,
        )


def register() -> None:
    """Called from ``ready()``."""
    registry.register(COMMENT)
    registry.register(
        Target(
            kind="name",
            title=_("Display name"),
            load=load_name,
            load_many=load_names,
            publish=publish_name,
            withhold=withhold_name,
            lock=lock_account,
        )
    )
    name_chosen.connect(queue_name, dispatch_uid="participation.queue_name")
