"""Comments, replies, the bureau's official replies, and 'I agree with this'."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import choose_display_name
from accounts.models import Account, Bureau, Person, Role
from accounts.policies import has_role
from core import audit, clock, limits
from core.exceptions import Absent, Closed, Invalid, Refused
from core.text import clean_name, clean_text
from core.texts import known_language
from participation import live, threads
from participation.actions.contributions import (
    TEXT_LIMIT,
    Received,
    Sent,
    already_received,
    already_sent,
    check_name_not_withheld,
    receive_contribution,
    sent_with,
)
from participation.actions.pending import register
from participation.actions.receipts import new_receipt
from participation.actions.sides import check_side, take_side
from participation.actions.telling import tell_reply
from participation.models import (
    Channel,
    Comment,
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    Engagement,
    PendingAct,
    PublishChoice,
    Receipt,
    Support,
    Thread,
)
from participation.policies import can_comment, can_reply_officially, can_support, require


@transaction.atomic
def submit_comment(
    *,
    engagement: Engagement,
    thread: Thread,
    person: Person | None,
    account: Account | None,
    text: str,
    language: str,
    publish_choice: str,
    parent: Comment | None = None,
    side: str = "",
    display_name: str = "",
    channel: str = Channel.WEB,
    idempotency_key: str = "",
    source: str = "",
) -> Receipt:
    """Take a comment or a reply and give its receipt; the same form again gives the same receipt.

    A public comment shows the account's display name; ``display_name`` chooses one when there is
    none yet (or, where anyone may comment, names a writer without account). ``side`` is one of
    ``Side`` where the thread takes sides and it is no reply, else ''. ``source`` is the network
    address' key, the only thing to count of somebody without account whose text was not held (and
    counted) before. Raises Closed,
    SignInNeeded, Refused by policy; Absent for a thread or parent of another engagement; Closed
    for a retired thread; Invalid for text, choice, side or name; TooMany; Conflict.
    """
    cleaned = clean_text(text, max_length=TEXT_LIMIT, field="text")
    sent = Sent(engagement, ContributionKind.COMMENT, publish_choice, cleaned)
    if earlier := already_received(person=person, idempotency_key=idempotency_key, sent=sent):
        return _same_place(earlier, thread, parent, side)
    require(can_comment(engagement=engagement, person=person, now=clock.now()))
    check_place(engagement=engagement, thread=thread, parent=parent)
    check_side(side, thread=thread, parent=parent)
    if person is None and source:
        limits.spend("comment_anonymous", source)
    name = ""
    if publish_choice == PublishChoice.NAME:
        name = author_name(person, account, display_name)
    received = receive_contribution(
        engagement=engagement,
        person=person,
        account=account,
        kind=ContributionKind.COMMENT,
        text=cleaned,
        language=language,
        publish_choice=publish_choice,
        author_name=name,
        channel=channel,
        idempotency_key=idempotency_key,
    )
    if not received.new:
        return _same_place(received, thread, parent, side)
    contribution = received.contribution
    comment = Comment.objects.create(
        contribution=contribution,
        thread=thread,
        parent=parent,
        side=side,
        paper_version=threads.describe(thread, known_language(language)).version,
    )
    audit.record(
        "comment.place",
        actor=account or person or "system",
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[comment],
    )
    take_side(comment, side, number=1, by=account or person or "system")
    if contribution.state == ContributionState.PUBLISHED:
        tell_reply(contribution)
    return received.receipt


def _same_place(earlier: Received, thread: Thread, parent: Comment | None, side: str) -> Receipt:
    """The receipt of the same form; Conflict when its key came back for another place or side."""
    comment = earlier.contribution.comment
    known = (comment.thread_id, comment.parent_id, comment.side_at(1))
    if known != (thread.pk, parent.pk if parent else None, side):
        raise already_sent()
    return earlier.receipt


def check_place(*, engagement: Engagement, thread: Thread, parent: Comment | None) -> None:
    """Whether something can be said here: a living thread of this engagement, one level deep.

    Raises Absent for another engagement's thread or parent and for a reply to a reply, Closed for
    a retired thread or a parent that is not public any more.
    """
    if thread.engagement_id != engagement.pk:
        raise Absent
    if thread.retired_at is not None:
        raise Closed(_("This part is no longer in the paper."), code="retired")
    if parent is None:
        return
    if parent.thread_id != thread.pk or parent.parent_id is not None:
        raise Absent
    if parent.contribution.state != ContributionState.PUBLISHED:
        raise Closed(_("What you want to answer is not public any more."), code="parent")


def needs_name(account: Account | None) -> bool:
    """Whether a public comment by this account (None: a guest) asks for a display name first."""
    return account is None or not account.display_name


def author_name(person: Person | None, account: Account | None, display_name: str) -> str:
    """The name to show with something public; ``display_name`` is chosen where none is known yet.

    Raises Invalid (field 'display_name') where there is none, and for one that was withheld.
    """
    if account is not None and account.display_name:
        return account.display_name
    if not display_name or not display_name.strip():
        raise Invalid(
            _("Choose a name that is shown with your comment."),
            field="display_name",
            code="name_needed",
        )
    if account is None:
        return clean_name(display_name)
    if person is not None:
        check_name_not_withheld(person=person, name=display_name, field="display_name")
    return choose_display_name(account=account, name=display_name).display_name


@transaction.atomic
def reply_officially(
    *,
    parent: Comment,
    account: Account,
    text: str,
    language: str,
    idempotency_key: str = "",
) -> Contribution:
    """The bureau's own reply to a public comment, before or after the close, public at once.

    It is in the bureau's name: no person stands in the row, the audit entry names the officer.
    Raises Refused for others than officers of the owner or a partner, Absent for a reply to a
    reply, Closed for a comment that is not public, Invalid, TooMany.
    """
    # The lock makes a form sent twice wait for itself.
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("engagement", "engagement__owner", "person")
        .get(pk=parent.pk)
    )
    # What was decided on it while we waited counts.
    parent.contribution = contribution
    engagement = contribution.engagement
    require(can_reply_officially(account, engagement))
    text = clean_text(text, max_length=TEXT_LIMIT, field="text")
    same = sent_with(
        idempotency_key, person=None, engagement=engagement, kind=ContributionKind.COMMENT
    )
    if same is not None and same.text == text:
        return same
    if same is not None:
        raise already_sent()
    check_place(engagement=engagement, thread=parent.thread, parent=parent)
    limits.spend("official_reply", account.public_id)
    now = clock.now()
    reply = Contribution.objects.create(
        engagement=engagement,
        kind=ContributionKind.COMMENT,
        language=known_language(language),
        received_at=now,
        published_at=now,
        publish_choice=PublishChoice.NAME,
        state=ContributionState.PUBLISHED,
        text=text,
        idempotency_key=idempotency_key,
    )
    version = ContributionVersion.objects.create(contribution=reply, number=1, text=text, at=now)
    comment = Comment.objects.create(
        contribution=reply,
        thread=parent.thread,
        parent=parent,
        official=True,
        bureau=bureau_of(account, engagement),
        paper_version=threads.describe(parent.thread, known_language(language)).version,
    )
    new_receipt(engagement=engagement, person=None, contribution=reply)
    audit.record(
        "comment.reply_officially",
        actor=account,
        engagement_id=engagement.public_id,
        subject=reply.public_id,
        rows=[reply, version, comment],
    )
    tell_reply(reply)
    live.changed(engagement)
    return reply


def bureau_of(account: Account, engagement: Engagement) -> Bureau:
    """For which of the engagement's bureaux an officer speaks; the owner before partners."""
    for bureau in [engagement.owner, *engagement.partners.all()]:
        if has_role(account, Role.OFFICER, bureau) or has_role(account, Role.APPROVER, bureau):
            return bureau
    raise Refused(_("Only an officer of the bureau can do this."), code="bureau")


@transaction.atomic
def set_support(
    *, comment: Comment, person: Person | None, account: Account | None, on: bool
) -> bool:
    """Say or take back 'I agree with this'; returns whether it stands now.

    The wished state is said, not toggled, so a repeated press changes nothing. Nobody agrees with
    an own comment (Refused). No counter row: lists count when they are read. The audit entry
    names the support by its own id, not the comment: it must not tell who agreed with what.
    """
    contribution = comment.contribution
    engagement = contribution.engagement
    require(can_support(engagement=engagement, person=person, now=clock.now()))
    if person is None:
        raise ValueError("A policy let nobody support a comment.")
    if contribution.state != ContributionState.PUBLISHED or comment.official:
        raise Closed(_("This cannot be agreed with."), code="not-public")
    if contribution.person_id == person.pk:
        raise Refused(_("You wrote this yourself."), code="own")
    limits.spend("support", person.public_id)
    if on:
        support, created = Support.objects.get_or_create(
            comment=comment, person=person, defaults={"at": clock.now()}
        )
        if created:
            _record_support("support.give", account or person, engagement, support)
        return True
    existing = Support.objects.select_for_update().filter(comment=comment, person=person).first()
    if existing is not None:
        _record_support("support.take_back", account or person, engagement, existing)
        existing.delete()
    return False


def _record_support(
    verb: str, actor: Account | Person, engagement: Engagement, support: Support
) -> None:
    audit.record(verb, actor=actor, engagement_id=engagement.public_id, subject=support.public_id)


def complete_comment(
    act: PendingAct, person: Person | None, account: Account | None, changes: dict[str, Any]
) -> Receipt:
    """Submit a comment that was typed before signing in; the text as it was held."""
    payload = act.payload
    thread = Thread.objects.filter(engagement=act.engagement, key=payload["on"]).first()
    if thread is None:
        raise Absent
    thread.engagement = act.engagement
    parent = None
    if payload["to"]:
        parent = (
            Comment.objects.select_related("contribution")
            .filter(thread=thread, contribution__public_id=payload["to"])
            .first()
        )
        if parent is None:
            raise Absent
    return submit_comment(
        engagement=act.engagement,
        thread=thread,
        person=person,
        account=account,
        text=payload["text"],
        language=act.language,
        publish_choice=payload["publish_choice"],
        parent=parent,
        side=payload.get("side", ""),
        display_name=str(changes.get("display_name") or ""),
        idempotency_key=act.token,
    )


register("comment", complete_comment)
