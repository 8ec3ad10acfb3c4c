"""The names shown with what people wrote, for moderators and for readers who report them.

A display name is one target wherever its account bears it. A name that no account bears (any
more: it was changed, or a guest wrote under it) still stands beside its entries, and is a target
by the entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.actions import clear_display_name
from accounts.models import Account
from accounts.signals import name_chosen
from core import clock
from core.exceptions import Absent, Conflict
from moderation import actions as moderation
from moderation import registry
from moderation.registry import Passage, Target, TargetView
from participation.actions.contributions import (
    check_name_not_withheld,
    set_entry_name_withheld,
    set_name_withheld,
)
from participation.entry_targets import entry_view, lock_entry
from participation.models import (
    Contribution,
    ContributionKind,
    ContributionState,
    PublishChoice,
)
from participation.policies import can_see_results

NAME, ENTRY_NAME = "name", "entry-name"
#: The name beside an entry is written once, with the entry.
_ONLY_VERSION = 1


def name_beside(public_id: str) -> tuple[str, str] | None:
    """The target, as kind and id, of the name everybody reads beside an entry; None for none."""
    entry = (
        Contribution.objects.published()
        .filter(public_id=public_id, name_withheld=False)
        .exclude(author_name="")
        .exclude(kind=ContributionKind.STATEMENT)
        .first()
    )
    if entry is None:
        return None
    if entry.person_id is not None:
        bearers = Account.objects.filter(person_id=entry.person_id, display_name=entry.author_name)
        bearer = bearers.order_by("pk").values_list("public_id", flat=True).first()
        if bearer is not None:
            return NAME, bearer
    return ENTRY_NAME, entry.public_id


def lock_account(public_id: str) -> None:
    """Hold the account whose display name is decided on, as choosing another does."""
    rows = Account.objects.select_for_update(of=("self",)).filter(public_id=public_id)
    rows.order_by("pk").first()


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


def load_entry_name(public_id: str) -> TargetView | None:
    """The name beside an entry, by the entry's public id; None for none."""
    return load_entry_names([public_id]).get(public_id)


def load_entry_names(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in one query; none of what was withdrawn."""
    rows = (
        Contribution.objects.filter(public_id__in=list(public_ids))
        .exclude(author_name="")
        .exclude(state=ContributionState.WITHDRAWN)
        # Nobody is told who proposed a statement.
        .exclude(kind=ContributionKind.STATEMENT)
        .select_related("engagement__owner", "engagement__outcome", "person", "receipt")
    )
    return {row.public_id: _entry_name_view(row) for row in rows}


def _entry_name_view(entry: Contribution) -> TargetView:
    view = entry_view(entry)
    return replace(
        view,
        text=entry.author_name,
        version=_ONLY_VERSION,
        passages=(
            Passage(label=_("The text it stands with"), text=entry.text, language=entry.language),
        ),
        public=view.public and not entry.name_withheld and _is_shown(entry),
    )


def _is_shown(entry: Contribution) -> bool:
    """Answers and who gave them are sealed until results are; an alias is cleared by itself."""
    if entry.kind != ContributionKind.RESPONSE:
        return True
    named = entry.publish_choice == PublishChoice.NAME
    return named and can_see_results(engagement=entry.engagement, now=clock.now()).allowed


def publish_entry_name(public_id: str, by: Account, version: int) -> None:
    """The name may stand, and where it was hidden it is shown again."""
    set_entry_name_withheld(public_id=public_id, by=by, withheld=False)


def withhold_entry_name(
    public_id: str, by: Account, version: int, rule: str, sentence: str
) -> None:
    """Hide the name there and wherever its person used it."""
    set_entry_name_withheld(public_id=public_id, by=by, withheld=True)


def queue_name(
    *, account: Account, name: str, version: int, previous: str, **_kwargs: object
) -> None:
    """A new display name is looked at by a moderator; it may be used meanwhile.

    One that was withheld from this person is refused (Invalid), wherever it is chosen.
    """
    if name:
        check_name_not_withheld(person=account.person, name=name, field="name")
        moderation.enqueue(
            kind=NAME,
            target_id=account.public_id,
            author_id=account.person.public_id,
            reason="name",
            version=version,
        )


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        Target(
            kind=NAME,
            title=_("Display name"),
            load=load_name,
            load_many=load_names,
            publish=publish_name,
            withhold=withhold_name,
            lock=lock_account,
        )
    )
    registry.register(
        Target(
            kind=ENTRY_NAME,
            title=_("Name on an entry"),
            load=load_entry_name,
            load_many=load_entry_names,
            publish=publish_entry_name,
            withhold=withhold_entry_name,
            lock=lock_entry,
        )
    )
    name_chosen.connect(queue_name, dispatch_uid="participation.queue_name")
