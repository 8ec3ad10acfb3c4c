"""The register: receiving, editing, withdrawing, and what moderation does to an entry.

An edit of a text that is already public, under the policy 'before', does not take the public text
away: the new version waits (``Contribution.held_version``) and ``text`` stays what was cleared
until a moderator decides. Refusing such an edit leaves the cleared text public, unless readers
reported that text too. Everywhere else ``text`` is the newest version.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from accounts.persons import lock_person
from core import audit, clock, limits
from core.exceptions import Closed, Conflict, Invalid
from core.text import clean_text, fold
from core.texts import known_language
from moderation import actions as moderation
from moderation.models import Decision, Report
from participation import kinds, live
from participation.actions.receipts import new_receipt
from participation.actions.telling import tell_receipt, tell_reply
from participation.consent import CONSENT_VERSION
from participation.models import (
    Channel,
    Contribution,
    ContributionState,
    ContributionVersion,
    Engagement,
    PublishChoice,
    Receipt,
)
from participation.models.engagement import ModerationPolicy
from participation.policies import can_edit_contribution, can_withdraw_contribution, require

TEXT_LIMIT = 4000


class Received(NamedTuple):
    """``new`` is False when the same form had been received before: nothing was written."""

    contribution: Contribution
    receipt: Receipt
    new: bool


@transaction.atomic
def receive_contribution(
    *,
    engagement: Engagement,
    person: Person | None,
    account: Account | None,
    kind: str,
    text: str,
    language: str,
    publish_choice: str = PublishChoice.NAME,
    author_name: str = "",
    channel: str = Channel.WEB,
    idempotency_key: str = "",
    max_length: int = TEXT_LIMIT,
    field: str = "text",
) -> Received:
    """Enter a text in the register: row, version 1, receipt, audit, queue, receipt notice.

    The caller has checked that the verb is open to the person. Public entries wait for a
    moderator (policy 'before') or are public at once and looked at afterwards ('after'); entries
    for the bureau only are never queued. The moderation target is (``kind``, the entry's
    public id). Raises Invalid for the text or the publish choice, TooMany, and Conflict when the
    same form key comes back with another text, choice or engagement.
    """
    text = clean_text(text, max_length=max_length, field=field)
    if publish_choice not in PublishChoice.values:
        raise Invalid(_("Choose how your words are shown."), field="publish_choice")
    sent = Sent(engagement, kind, publish_choice, text)
    if earlier := already_received(person=person, idempotency_key=idempotency_key, sent=sent):
        return earlier
    if person is not None:
        limits.spend(kinds.find(kind).limit, person.public_id)
    now = clock.now()
    state = _first_state(engagement, publish_choice)
    contribution = Contribution(
        engagement=engagement,
        person=person,
        kind=kind,
        channel=channel,
        language=known_language(language),
        received_at=now,
        publish_choice=publish_choice,
        consent_version=CONSENT_VERSION,
        state=state,
        author_name=author_name if publish_choice == PublishChoice.NAME else "",
        text=text,
        published_at=now if state == ContributionState.PUBLISHED else None,
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            contribution.save(force_insert=True)
    except IntegrityError:
        # The same form, sent twice at once: the other one was first.
        earlier = already_received(person=person, idempotency_key=idempotency_key, sent=sent)
        if earlier is None:
            raise
        return earlier
    version = ContributionVersion.objects.create(
        contribution=contribution, number=1, text=text, at=now
    )
    receipt = new_receipt(engagement=engagement, person=person, contribution=contribution)
    audit.record(
        f"{kind}.receive",
        actor=account or person or "system",
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution, version],
    )
    if state != ContributionState.CONFIDENTIAL:
        _queue(contribution, reason="policy", version=1)
    if account is not None:
        tell_receipt(receipt=receipt, account=account)
    if state == ContributionState.PUBLISHED:
        live.changed(engagement)
    return Received(contribution, receipt, True)


class Sent(NamedTuple):
    """What makes two forms of one key the same form."""

    engagement: Engagement
    kind: str
    publish_choice: str
    text: str


def already_received(*, person: Person | None, idempotency_key: str, sent: Sent) -> Received | None:
    """What the form with this key brought before; Conflict when it said anything else."""
    earlier = sent_with(idempotency_key, person=person, engagement=sent.engagement, kind=sent.kind)
    if earlier is None:
        return None
    first = earlier.versions.filter(number=1).first()
    same = Sent(
        earlier.engagement, earlier.kind, earlier.publish_choice, first.text if first else ""
    )
    if first is None or same != sent:
        raise already_sent()
    return Received(earlier, earlier.receipt, False)


def sent_with(
    key: str, *, person: Person | None, engagement: Engagement, kind: str
) -> Contribution | None:
    """The entry that came with this key before, None for a new key and for none.

    A person's key is known wherever the person used it. Without a person it is a secret of the
    sender, for this engagement and kind alone: in another one it is another key. The constraints
    of ``Contribution`` say the same, so that of two at once one is written.
    """
    if not key:
        return None
    rows = Contribution.objects.filter(person=person, idempotency_key=key)
    if person is None:
        rows = rows.filter(engagement=engagement, kind=kind)
    return rows.select_related("receipt", "engagement").first()


def already_sent() -> Conflict:
    """The refusal of a key that was used for something else: 422, as the IETF's draft has it."""
    return Conflict(
        _("This form was already sent. Open it again to write something else."),
        code="already_sent",
        status=422,
    )


def _first_state(engagement: Engagement, publish_choice: str) -> str:
    if publish_choice == PublishChoice.CONFIDENTIAL:
        return ContributionState.CONFIDENTIAL
    if engagement.moderation_policy == ModerationPolicy.AFTER:
        return ContributionState.PUBLISHED
    return ContributionState.HELD


def _queue(contribution: Contribution, *, reason: str, version: int) -> None:
    engagement = contribution.engagement
    moderation.enqueue(
        kind=contribution.kind,
        target_id=contribution.public_id,
        author_id=contribution.person.public_id if contribution.person else "",
        engagement_id=engagement.public_id,
        bureau_code=engagement.owner.code,
        reason=reason,
        version=version,
        urgent_at=engagement.closes_at,
    )


def _lock(contribution: Contribution) -> Contribution:
    return (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("engagement", "engagement__owner", "person")
        .get(pk=contribution.pk)
    )


def newest_version(contribution: Contribution) -> int:
    """The number a moderator or the author has to name: the waiting version, else the current."""
    return contribution.held_version or contribution.version


def newest_text(contribution: Contribution) -> str:
    """What the author last wrote, whether it is public yet or not."""
    if contribution.held_version is None:
        return contribution.text
    return contribution.versions.get(number=contribution.held_version).text


def newest_texts(contributions: Sequence[Contribution]) -> dict[int, str]:
    """The same of many by primary key: one query at most."""
    shown = {row.pk: row.text for row in contributions}
    waiting = [row.pk for row in contributions if row.held_version is not None]
    if not waiting:
        return shown
    versions = ContributionVersion.objects.filter(
        contribution__in=waiting, number=F("contribution__held_version")
    )
    return shown | dict(versions.values_list("contribution", "text"))


@transaction.atomic
def edit_contribution(
    *,
    contribution: Contribution,
    person: Person | None,
    account: Account | None,
    text: str,
    version: int,
    more: bool = False,
) -> Contribution:
    """Write a new version of an entry, until its verb closes. Every version is kept.

    ``version`` is the one the author was shown; Conflict when it is not the newest any more. The
    same text again writes nothing, unless a room says that ``more`` than the text has changed.
    Kinds that cannot be edited are closed: people have voted on a statement (V22).
    Raises Closed, Refused, SignInNeeded by policy, Invalid for the text, TooMany.
    """
    contribution = _lock(contribution)
    now = clock.now()
    require(can_edit_contribution(contribution=contribution, person=person, now=now))
    kind = kinds.find(contribution.kind)
    if not kind.edits:
        raise Closed(_("This can no longer be changed."), code="settled")
    text = clean_text(text, max_length=kind.text_limit, field="text")
    if text == newest_text(contribution) and not more:
        return contribution
    if version != newest_version(contribution):
        raise Conflict(_("You changed this in another window meanwhile. Read it again first."))
    if person is not None:
        limits.spend("comment_edit", person.public_id)
    number = (contribution.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    row = ContributionVersion.objects.create(
        contribution=contribution, number=number, text=text, at=now
    )
    public = contribution.state == ContributionState.PUBLISHED
    waits = public and contribution.engagement.moderation_policy == ModerationPolicy.BEFORE
    if waits:
        contribution.held_version = number
    else:
        contribution.text = text
        contribution.version = number
        contribution.edited_at = now
    contribution.save(update_fields=["held_version", "text", "version", "edited_at"])
    audit.record(
        f"{contribution.kind}.edit",
        actor=account or person or "system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution, row],
    )
    if contribution.state != ContributionState.CONFIDENTIAL:
        _queue(contribution, reason="edit" if public else "policy", version=number)
    kinds.tell(contribution)
    if public and not waits:
        live.changed(contribution.engagement)
    return contribution


@transaction.atomic
def withdraw_contribution(
    *, contribution: Contribution, person: Person | None, account: Account | None
) -> Contribution:
    """Take an own entry back, until the close. It stays counted as received, as withdrawn.

    A second call finds it withdrawn and writes nothing. Raises Closed, Refused, SignInNeeded,
    TooMany.
    """
    if contribution.person is not None:
        # Rooms follow it with rows and points of the person, who is held before all of these.
        lock_person(contribution.person)
    contribution = _lock(contribution)
    own = person is not None and contribution.person_id == person.pk
    if own and contribution.state == ContributionState.WITHDRAWN:
        return contribution
    if person is not None:
        limits.spend("withdraw", person.public_id)
    require(can_withdraw_contribution(contribution=contribution, person=person, now=clock.now()))
    contribution.state = ContributionState.WITHDRAWN
    contribution.held_version = None
    contribution.save(update_fields=["state", "held_version"])
    audit.record(
        f"{contribution.kind}.withdraw",
        actor=account or person or "system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution],
    )
    moderation.drop(kind=contribution.kind, target_id=contribution.public_id)
    kinds.tell(contribution)
    live.changed(contribution.engagement)
    return contribution


def _check_version(contribution: Contribution, version: int) -> None:
    if contribution.state == ContributionState.WITHDRAWN:
        raise Conflict(_("Its author has withdrawn it."), code="withdrawn")
    if version != newest_version(contribution):
        raise Conflict(_("Its author has changed it meanwhile. Read it again."), code="edited")


@transaction.atomic
def publish_contribution(*, contribution: Contribution, by: Account, version: int) -> Contribution:
    """Make an entry public as a moderator decided it; called by ``moderation`` only.

    Held at the close counts as received: deciding has no deadline. Raises Conflict when the
    author withdrew it, changed it since, or chose the bureau only.
    """
    contribution = _lock(contribution)
    _check_version(contribution, version)
    if contribution.publish_choice == PublishChoice.CONFIDENTIAL:
        raise Conflict(_("Its author chose that only the bureau reads it."), code="confidential")
    now = clock.now()
    first = contribution.published_at is None
    if contribution.held_version is not None:
        contribution.text = newest_text(contribution)
        contribution.version = contribution.held_version
        contribution.held_version = None
        contribution.edited_at = now
    contribution.state = ContributionState.PUBLISHED
    contribution.published_at = contribution.published_at or now
    contribution.save(
        update_fields=["text", "version", "held_version", "edited_at", "state", "published_at"]
    )
    audit.record(
        f"{contribution.kind}.publish",
        actor=by,
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution],
    )
    if first:
        tell_reply(contribution)
    kinds.tell(contribution)
    live.changed(contribution.engagement)
    return contribution


@transaction.atomic
def withhold_contribution(
    *, contribution: Contribution, by: Account, version: int, rule: str = "", sentence: str = ""
) -> Contribution:
    """Seal an entry as a moderator decided it; called by ``moderation`` only.

    The text stays in the table and is shown to nobody in public. When only an edit waited and
    nobody had reported the public text, the edit alone is refused. ``rule`` and ``sentence`` are
    kept by the decision. Raises Conflict as ``publish_contribution`` does.
    """
    contribution = _lock(contribution)
    _check_version(contribution, version)
    edit_only = (
        contribution.state == ContributionState.PUBLISHED
        and contribution.held_version is not None
        and not _reported_since_cleared(contribution)
    )
    contribution.held_version = None
    if not edit_only:
        contribution.state = ContributionState.WITHHELD
    contribution.save(update_fields=["state", "held_version"])
    audit.record(
        f"{contribution.kind}.refuse_edit" if edit_only else f"{contribution.kind}.withhold",
        actor=by,
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution],
    )
    kinds.tell(contribution)
    live.changed(contribution.engagement)
    return contribution


def _reported_since_cleared(contribution: Contribution) -> bool:
    target = {"kind": contribution.kind, "target_id": contribution.public_id}
    cleared = (
        Decision.objects.filter(**target, verdict="publish")
        .order_by("-decided_at", "-pk")
        .values_list("decided_at", flat=True)
        .first()
    )
    reports = Report.objects.filter(**target)
    return (reports.filter(created_at__gt=cleared) if cleared else reports).exists()


def check_name_not_withheld(*, person: Person, name: str, field: str) -> None:
    """Raise Invalid for a name that was withheld from this person, in whatever spelling."""
    withheld = Contribution.objects.filter(person=person, name_withheld=True)
    wanted = fold(name).strip()
    if any(fold(each) == wanted for each in withheld.values_list("author_name", flat=True)):
        raise Invalid(
            _("This name was withheld. Choose another one."), field=field, code="name_withheld"
        )


@transaction.atomic
def set_name_withheld(*, person: Person, name: str, by: Account, withheld: bool) -> int:
    """Hide (or show again) a display name wherever its person used it; returns how many entries.

    Called by ``moderation`` only. The texts stay as they are.
    """
    used = Contribution.objects.filter(person=person, author_name=name)
    return _mark_names(used, by=by, withheld=withheld, subject=person.public_id)


@transaction.atomic
def set_entry_name_withheld(*, public_id: str, by: Account, withheld: bool) -> int:
    """The same for a name no account bears: of one entry, and of all its person wrote under it.

    Called by ``moderation`` only. Raises Conflict where the name is gone meanwhile.
    """
    entry = (
        Contribution.objects.select_related("person")
        .filter(public_id=public_id)
        .exclude(author_name="")
        .first()
    )
    if entry is None:
        raise Conflict
    if entry.person is not None:
        return set_name_withheld(
            person=entry.person, name=entry.author_name, by=by, withheld=withheld
        )
    alone = Contribution.objects.filter(pk=entry.pk)
    return _mark_names(alone, by=by, withheld=withheld, subject=entry.public_id)


def _mark_names(
    entries: QuerySet[Contribution], *, by: Account, withheld: bool, subject: str
) -> int:
    rows = list(
        entries.select_for_update(of=("self",))
        .select_related("engagement")
        .exclude(name_withheld=withheld)
        .order_by("pk")
    )
    for row in rows:
        row.name_withheld = withheld
        row.save(update_fields=["name_withheld"])
        live.changed(row.engagement)
    if rows:
        audit.record(
            "name.withhold" if withheld else "name.publish",
            actor=by,
            subject=subject,
            rows=rows,
        )
    return len(rows)
