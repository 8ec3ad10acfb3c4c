"""What becomes of files without anybody asking: scanned, forgotten, erased, orphans swept."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO, cast

from django.db import transaction

from accounts.models import Person
from core import audit, clock, jobs
from participation import live
from participation.actions.attachments import SEALED_FOR, take_away
from participation.attachments import scanners, store
from participation.models import Attachment, AttachmentState, Engagement

#: Bytes younger than this may belong to a row that is being written.
ORPHAN_AFTER = dt.timedelta(hours=24)
#: A file that waits longer for its scan is asked about again.
SCAN_AGAIN_AFTER = dt.timedelta(hours=1)


def scan_file(pk: int) -> None:
    """Ask the scanner about one file, and note what it says. Safe to run twice.

    Raises ``ScannerDown`` when it does not answer: the job is given again. A file of a time with a
    scanner is clean without one only once the operator has none any more.
    """
    rows = Attachment.objects.live().filter(pk=pk, state=AttachmentState.RECEIVED)
    row = rows.first()
    if row is None:
        return
    scanner = scanners.current()
    clean = True
    if scanner is not None:
        with store.opened(row.stored, small=False) as file:
            clean = scanner.is_clean(cast(BinaryIO, file))
    with transaction.atomic():
        row = rows.select_for_update(of=("self",)).first()
        if row is None:
            return
        row.state = AttachmentState.CLEAN if clean else AttachmentState.QUARANTINED
        row.scanner = scanner.name if scanner is not None else ""
        if not clean:
            row.expires_at = clock.now() + SEALED_FOR
        row.save(update_fields=["state", "scanner", "expires_at"])
        if row.contribution is not None:
            audit.record(
                "attachment.scan" if clean else "attachment.quarantine",
                actor="system",
                engagement_id=row.engagement.public_id,
                subject=row.contribution.public_id,
                rows=[row],
            )
            live.changed(row.engagement)


def scan_waiting() -> int:
    """Ask again for files whose scan was never answered; returns how many."""
    late = Attachment.objects.live().filter(
        state=AttachmentState.RECEIVED, created_at__lte=clock.now() - SCAN_AGAIN_AFTER
    )
    keys = list(late.order_by("pk").values_list("pk", flat=True)[:1000])
    for pk in keys:
        jobs.enqueue("participation.scan_file", pk)
    return len(keys)


def sweep_files(*, limit: int = 200) -> int:
    """Forget files past their time, a few at a time; returns how many. Safe to run twice.

    Those of trays vanish; those of entries (withdrawn, or quarantined) keep their row.
    """
    with transaction.atomic():
        rows = list(
            Attachment.objects.live()
            .select_for_update(of=("self",))
            .filter(expires_at__lte=clock.now())
            .select_related("contribution", "engagement")
            .order_by("pk")[:limit]
        )
        held = [row for row in rows if row.contribution_id is None]
        store.remove_later([row.stored for row in held])
        Attachment.objects.filter(pk__in=[row.pk for row in held]).delete()
        kept = [row for row in rows if row.contribution_id is not None]
        take_away(kept)
        if kept:
            audit.record("attachment.expire", actor="system", rows=kept)
    return len(rows)


def sweep_orphans(*, older_than: dt.timedelta = ORPHAN_AFTER) -> int:
    """Delete bytes that no row names: of a process that died half-way, of rows taken away."""
    edge = clock.now() - older_than
    storage = store.storage()
    gone = 0
    for file, stored in store.everything():
        try:
            young = storage.get_modified_time(file) > edge
        except FileNotFoundError:
            continue
        if young or Attachment.objects.filter(stored=stored).exists():
            continue
        storage.delete(file)
        gone += 1
    return gone


@transaction.atomic
def erase_files(*, person: Person) -> None:
    """Take away every file of a person whose last account is closed, with its name and words.

    Texts stay without a name; a photograph or a document cannot be made nameless.
    """
    held = Attachment.objects.select_for_update().filter(person=person, contribution=None)
    store.remove_later([row.stored for row in held])
    held.delete()
    rows = list(
        Attachment.objects.select_for_update(of=("self",))
        .filter(person=person)
        .select_related("contribution", "engagement")
        .order_by("pk")
    )
    take_away([row for row in rows if row.removed_at is None])
    for row in rows:
        row.name, row.alt, row.sha256 = "", "", ""
        row.save(update_fields=["name", "alt", "sha256"])
    if rows:
        audit.record("attachment.unname", actor=person, subject=person.public_id, rows=rows)
    for engagement in Engagement.objects.filter(pk__in={row.engagement_id for row in rows}):
        live.changed(engagement)
