"""Files of citizens: taking one, taking it away again, and giving a form's files to its entry.

A file is first on the *tray* of a form: a visit or a draft holds the tray's token, so that nothing
is lost when another field is wrong, and nobody else can see it. ``attach_tray`` moves what lies
there to the entry, in the transaction that received or changed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.keys import token_hash
from accounts.models import Account, Person
from core import audit, clock, jobs, limits
from core.exceptions import Absent, Conflict, Invalid
from core.ids import is_public_id
from core.text import clean_text
from participation import kinds, live
from participation.actions.contributions import _lock, _queue, newest_text, newest_version
from participation.attachments import caps, scanners, store
from participation.attachments.examining import FIELD, Busy, Examined, examined
from participation.attachments.holders import Holder, holder_of
from participation.attachments.names import clean_file_name
from participation.models import (
    Attachment,
    AttachmentState,
    Contribution,
    ContributionState,
    ContributionVersion,
    Engagement,
)
from participation.models.engagement import ModerationPolicy
from participation.policies import can_change_files, can_hold_files, require

#: Without a touch.
TRAY_FOR = dt.timedelta(hours=24)
#: How long the bytes of a withdrawn entry and of a quarantined file are kept.
SEALED_FOR = dt.timedelta(days=30)


def add_file(
    *,
    upload: Any,
    tray: str,
    engagement: Engagement,
    kind: str,
    person: Person | None,
    account: Account | None,
    source: str,
    contribution: Contribution | None = None,
) -> Attachment:
    """Take one file onto a form's tray.

    ``upload`` is read to its end or to the limit; ``kind`` is the kind of entry the form makes or,
    with ``contribution``, changes; ``source`` is the key of the network address, for visitors.
    The same bytes on the same tray are one file. Raises Absent where no files are wanted, Closed,
    Refused, Invalid (field ``files``: type, size, damage, too many, quota), TooMany and, when disk
    or scanner are away, Busy. Trap: it takes seconds; never call it inside a transaction.
    """
    holder = _holder(kind, engagement)
    _require_open(holder, engagement, person, contribution)
    if person is not None:
        limits.spend("attach_file", person.public_id)
    else:
        limits.spend("attach_file_address", source)
    _check_quota(person, 0)
    held = Attachment.objects.in_tray(token_hash(tray), clock.now()).count()
    _check_number(held + 1, holder.most)
    scanner = scanners.current()
    if scanner is not None and not scanner.is_ready():
        raise Busy
    with examined(upload) as found:
        stored = store.keep(found)
    try:
        row = _enter(
            Attachment(
                engagement=engagement,
                person=person,
                tray=token_hash(tray),
                name=clean_file_name(getattr(upload, "name", ""), found.extension),
                stored=stored,
                state=AttachmentState.RECEIVED if scanner else AttachmentState.CLEAN,
                **_facts(found),
            ),
            most=holder.most,
            contribution=contribution,
        )
    except BaseException:
        store.remove([stored])
        raise
    if row.stored != stored:
        store.remove([stored])
    return row


def _facts(found: Examined) -> dict[str, Any]:
    return {
        "media_type": found.media_type,
        "size": found.size,
        "sha256": found.sha256,
        "width": found.width,
        "height": found.height,
        "small_width": found.small_width,
        "small_height": found.small_height,
    }


def _enter(row: Attachment, *, most: int, contribution: Contribution | None) -> Attachment:
    """Write the row at the tray's next place; two at once are written one after the other."""
    for _try in range(most + 1):
        try:
            with transaction.atomic():
                return _enter_once(row, most, contribution)
        except IntegrityError:
            row.pk = None
    raise Conflict(_("Two files came at once. Send them again."))


def _enter_once(row: Attachment, most: int, contribution: Contribution | None) -> Attachment:
    now = clock.now()
    if row.person is not None:
        # The one lock of a person's files: the quota is counted under it.
        Person.objects.select_for_update().get(pk=row.person.pk)
    on_tray = Attachment.objects.filter(tray=row.tray)
    twin = on_tray.in_tray(row.tray, now).filter(sha256=row.sha256).first()
    if twin is not None:
        return twin
    held = on_tray.in_tray(row.tray, now).count()
    if contribution is not None:
        held += Attachment.objects.live().filter(contribution=contribution).count()
    _check_number(held + 1, most)
    _check_quota(row.person, row.size)
    row.position = (on_tray.aggregate(last=Max("position"))["last"] or 0) + 1
    row.created_at, row.expires_at = now, now + TRAY_FOR
    row.save(force_insert=True)
    on_tray.filter(expires_at__lt=row.expires_at).update(expires_at=row.expires_at)
    if row.state == AttachmentState.RECEIVED:
        jobs.enqueue("participation.scan_file", row.pk)
    return row


def _holder(kind: str, engagement: Engagement) -> Holder:
    holder = holder_of(kind, engagement)
    if holder is None:
        raise Absent
    return holder


def _require_open(
    holder: Holder,
    engagement: Engagement,
    person: Person | None,
    contribution: Contribution | None,
) -> None:
    now = clock.now()
    if contribution is not None:
        require(
            can_change_files(contribution=contribution, person=person, now=now, verb=holder.verb)
        )
    else:
        require(can_hold_files(verb=holder.verb, engagement=engagement, person=person, now=now))


def _check_number(number: int, most: int) -> None:
    if number > most:
        raise Invalid(
            ngettext_lazy("Add at most %(most)d file.", "Add at most %(most)d files.", most)
            % {"most": most},
            field=FIELD,
            code="file_number",
        )


def _check_quota(person: Person | None, more: int) -> None:
    if person is None:
        return
    has = (
        Attachment.objects.live()
        .filter(person=person)
        .aggregate(files=Count("pk"), size=Sum("size"))
    )
    if has["files"] >= caps.PERSON_FILES or (has["size"] or 0) + more > caps.PERSON_BYTES:
        raise Invalid(
            _("Your files fill all the space a person has. Take some away first."),
            field=FIELD,
            code="file_quota",
        )


@transaction.atomic
def describe_files(*, tray: str, words: Mapping[str, str], source: str) -> None:
    """Keep what stands for each picture on a tray, by public id; unknown ids are passed over.

    Unchanged words write nothing. Raises Invalid (field ``files``) for words that cannot be shown
    or are too long, TooMany.
    """
    rows = Attachment.objects.select_for_update().in_tray(token_hash(tray), clock.now())
    for row in rows.filter(public_id__in=[name for name in words if is_public_id(name)]):
        alt = clean_text(
            words[row.public_id],
            max_length=caps.ALT_LIMIT,
            field=FIELD,
            multiline=False,
            required=False,
        )
        if alt != row.alt:
            limits.spend("attach_change", source)
            row.alt = alt
            row.save(update_fields=["alt"])


@transaction.atomic
def remove_file(
    *,
    attachment: Attachment,
    person: Person | None,
    account: Account | None,
    source: str,
) -> None:
    """Take a file away: from a tray without a trace, from an entry with its row kept.

    The caller fetched it by ``access_held_file`` or ``access_own_file``, which say whose it is. The
    bytes go after the commit. A second call does nothing. Raises Closed once the phase is over,
    Refused, TooMany.
    """
    limits.spend("attach_change", person.public_id if person else source)
    row = (
        Attachment.objects.select_for_update(of=("self",))
        .select_related("engagement")
        .filter(pk=attachment.pk, removed_at=None)
        .first()
    )
    if row is None:
        return
    if row.contribution_id is None:
        store.remove_later([row.stored])
        row.delete()
        return
    contribution = _lock(row.contribution)  # type: ignore[arg-type]
    holder = _holder(contribution.kind, row.engagement)
    require(
        can_change_files(
            contribution=contribution, person=person, now=clock.now(), verb=holder.verb
        )
    )
    take_away([row])
    _record("attachment.remove", account or person or "system", contribution, [row])
    live.changed(contribution.engagement)


def take_away(rows: Iterable[Attachment]) -> None:
    """Drop the bytes of these rows and note when; for actions, inside their transaction."""
    now = clock.now()
    for row in rows:
        store.remove_later([row.stored])
        row.stored, row.removed_at, row.expires_at = "", now, None
        row.save(update_fields=["stored", "removed_at", "expires_at"])


def _record(
    verb: str, actor: Account | Person | str, entry: Contribution, rows: Iterable[Attachment]
) -> None:
    audit.record(
        verb,
        actor=actor,
        engagement_id=entry.engagement.public_id,
        subject=entry.public_id,
        rows=list(rows),
    )


@transaction.atomic
def attach_tray(
    *, tray: str, contribution: Contribution, person: Person | None, account: Account | None
) -> list[Attachment]:
    """Give what lies on a tray to an entry that was just received or changed.

    Call it in the entry's own transaction, once its newest version is written: the files are public
    with that version. What a scanner found harmful stays behind, and what somebody else put there
    who signed in meanwhile. A second call finds the tray empty. Raises Absent where the kind holds
    no files, Invalid (field ``files``) for too many or a full quota.
    """
    if not tray:
        return []
    rows = list(
        Attachment.objects.select_for_update(of=("self",))
        .in_tray(token_hash(tray), clock.now())
        .exclude(state=AttachmentState.QUARANTINED)
        .order_by("position")
    )
    rows = [row for row in rows if row.person_id in {None, person.pk if person else None}]
    rows = [row for row in rows if row.engagement_id == contribution.engagement_id]
    if not rows:
        return []
    entry = _lock(contribution)
    holder = _holder(entry.kind, entry.engagement)
    there = Attachment.objects.filter(contribution=entry)
    _check_number(there.live().count() + len(rows), holder.most)
    if person is not None:
        Person.objects.select_for_update().get(pk=person.pk)
        _check_quota(person, sum(row.size for row in rows if row.person_id is None))
    last = there.aggregate(last=Max("position"))["last"] or 0
    for row in rows:
        last += 1
        row.contribution, row.tray, row.person = entry, "", person
        row.version, row.position, row.expires_at = newest_version(entry), last, None
        row.save(
            update_fields=["contribution", "tray", "person", "version", "position", "expires_at"]
        )
    _record("attachment.attach", account or person or "system", entry, rows)
    return rows


@transaction.atomic
def change_files(
    *, contribution: Contribution, tray: str, person: Person | None, account: Account | None
) -> Contribution:
    """Add what lies on the tray to an own entry: a new version of it, with the same words.

    ``Holder.on_version`` lets the room copy what it keeps beside that version.
    Under the policy 'before' the files of a public entry wait for a moderator with that version.
    With an empty tray nothing is written. Raises what ``can_change_files`` refuses, TooMany, and
    what ``attach_tray`` raises.
    """
    contribution = _lock(contribution)
    holder = _holder(contribution.kind, contribution.engagement)
    now = clock.now()
    require(can_change_files(contribution=contribution, person=person, now=now, verb=holder.verb))
    if not Attachment.objects.in_tray(token_hash(tray), now).exists():
        return contribution
    if person is not None:
        limits.spend("comment_edit", person.public_id)
    public = contribution.state == ContributionState.PUBLISHED
    waits = public and contribution.engagement.moderation_policy == ModerationPolicy.BEFORE
    last = newest_version(contribution)
    number = (contribution.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ContributionVersion.objects.create(
        contribution=contribution, number=number, text=newest_text(contribution), at=now
    )
    if waits:
        contribution.held_version = number
    else:
        contribution.version, contribution.edited_at = number, now
    contribution.save(update_fields=["held_version", "version", "edited_at"])
    if holder.on_version is not None:
        holder.on_version(contribution, last, number)
    attach_tray(tray=tray, contribution=contribution, person=person, account=account)
    audit.record(
        f"{contribution.kind}.edit",
        actor=account or person or "system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[contribution, version],
    )
    if contribution.state != ContributionState.CONFIDENTIAL:
        _queue(contribution, reason="edit" if public else "policy", version=number)
    kinds.tell(contribution)
    if public and not waits:
        live.changed(contribution.engagement)
    return contribution


def tray_files(*, tray: str) -> list[Attachment]:
    """What lies on a tray now, in the order it came; nothing for a tray that was never made."""
    if not tray:
        return []
    return list(Attachment.objects.in_tray(token_hash(tray), clock.now()).order_by("position"))


@transaction.atomic
def follow_entry(contribution: Contribution) -> None:
    """The register changed an entry: its files follow. Called for kinds that hold files.

    Withdrawn: nobody but its author gets them, and the bytes go after a month. An edit that was
    refused: the files that came with it go with it.
    """
    rows = Attachment.objects.live().filter(contribution=contribution)
    if contribution.state == ContributionState.WITHDRAWN:
        rows.update(expires_at=clock.now() + SEALED_FOR)
    elif contribution.state == ContributionState.PUBLISHED and contribution.held_version is None:
        refused = list(rows.filter(version__gt=contribution.version))
        if refused:
            take_away(refused)
            _record("attachment.refuse", "system", contribution, refused)
