"""Asking for a report, freezing it, making its files. Every step may be run twice."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Conflict
from core.texts import LANGUAGES, known_language
from feedback import files
from feedback.collecting import Collected, Progress, canonical, collect, digest_of
from feedback.models import (
    FilePiece,
    Making,
    MakingState,
    Reason,
    ReportFile,
    Snapshot,
    SnapshotPart,
)
from participation.models import Engagement

logger = logging.getLogger(__name__)

PIECE_BYTES = 512 * 1024
#: How much of the work is reading; the rest is files.
READING_SHARE = 0.7


@transaction.atomic
def ask_report(
    *, engagement: Engagement, by: Account, language: str, snapshot: Snapshot | None = None
) -> Making:
    """Ask for a new version with its files, or for the files of ``snapshot`` in a language.

    The caller has checked that ``by`` may read it (``feedback.access``). One at a time for each
    officer and engagement: raises Conflict while one is being made, TooMany over the limit.
    """
    limits.spend("make_report", by.public_id)
    # Lock first: two presses of one button are one report.
    Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement.pk)
    running = Making.objects.filter(
        engagement=engagement, asked_by=by, state__in=[MakingState.WAITING, MakingState.RUNNING]
    ).first()
    if running is not None:
        raise Conflict(
            _("A report is being made already. Wait until it is there."),
            code="being_made",
            data={"making": running.public_id},
        )
    making = Making.objects.create(
        engagement=engagement,
        snapshot=snapshot,
        language=known_language(language),
        asked_by=by,
        asked_at=clock.now(),
    )
    audit.record(
        "report.ask", actor=by, engagement_id=engagement.public_id, subject=making.public_id
    )
    jobs.enqueue("feedback.make_report", making.pk)
    return making


def make_report(*, making: Making, with_files: bool = True) -> Snapshot:
    """Freeze, then make the files; what is there already is kept.

    Not one transaction, but three short ones: reading takes a minute, and on SQLite nobody could
    write meanwhile. Raises what went wrong, after noting it for the officer.
    """
    Making.objects.filter(pk=making.pk).update(state=MakingState.RUNNING)
    tell = Progress(
        lambda percent: _note_percent(making.pk, percent),
    )
    try:
        snapshot = making.snapshot
        if snapshot is None:
            tell(1)
            collected = collect(
                making.engagement,
                now=clock.now(),
                tell=Progress(lambda part: tell(part * READING_SHARE)),
            )
            snapshot = freeze(making=making, collected=collected)
        without_pdf = with_files and _make_files(making, snapshot, tell)
    except Exception:
        Making.objects.filter(pk=making.pk).update(
            state=MakingState.FAILED, finished_at=clock.now()
        )
        raise
    Making.objects.filter(pk=making.pk).update(
        state=MakingState.DONE, percent=100, without_pdf=without_pdf, finished_at=clock.now()
    )
    return snapshot


def _note_percent(pk: int, percent: int) -> None:
    Making.objects.filter(pk=pk, percent__lt=percent).update(percent=percent)


@transaction.atomic
def freeze(*, making: Making, collected: Collected) -> Snapshot:
    """Write what was read as the next version. A report at the close that is there stands."""
    engagement = Engagement.objects.select_for_update(of=("self",), no_key=True).get(
        pk=making.engagement_id
    )
    there = Making.objects.select_related("snapshot").get(pk=making.pk).snapshot
    if there is None and making.reason == Reason.CLOSE:
        there = Snapshot.objects.filter(engagement=engagement, reason=Reason.CLOSE).first()
    if there is not None:
        Making.objects.filter(pk=making.pk).update(snapshot=there)
        return there
    last = Snapshot.objects.filter(engagement=engagement).order_by("-version").first()
    version = last.version + 1 if last else 1
    document = canonical({**collected.document, "version": version, "reason": making.reason})
    snapshot = Snapshot.objects.create(
        engagement=engagement,
        version=version,
        reason=making.reason,
        taken_at=collected.document["taken_at"],
        taken_by=making.asked_by,
        document=document,
        sha256=digest_of(document),
    )
    snapshot.refresh_from_db()
    SnapshotPart.objects.bulk_create(
        (
            SnapshotPart(snapshot=snapshot, table=table, number=number, content=content)
            for table, number, content in collected.parts
        ),
        batch_size=20,
    )
    Making.objects.filter(pk=making.pk).update(snapshot=snapshot)
    audit.record(
        "report.freeze",
        actor=making.asked_by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=snapshot.public_id,
        rows=[snapshot],
    )
    return snapshot


def _make_files(making: Making, snapshot: Snapshot, tell: Progress) -> bool:
    """Make what is missing; whether PDF could not be made here."""
    wanted = [making.language] if making.language else list(LANGUAGES)
    there = set(snapshot.files.values_list("language", "format"))
    todo = [
        (language, name)
        for language in wanted
        for name in files.FORMATS
        if (language, name) not in there
    ]
    without_pdf = False
    for number, (language, name) in enumerate(todo):
        tell(100 * (READING_SHARE + (1 - READING_SHARE) * number / len(todo)))
        try:
            with _set_down(files.write(snapshot, language, name)) as place:
                keep_file(snapshot=snapshot, language=language, name=name, place=place)
        except files.PdfUnavailable as lacking:
            logger.error("%s", lacking)
            without_pdf = True
    return without_pdf


def _set_down(content: Iterator[bytes]) -> IO[bytes]:
    """Write a file to the disk first: making it takes longer than any transaction may."""
    place = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the caller
    for some in content:
        place.write(some)
    return place


@transaction.atomic
def keep_file(*, snapshot: Snapshot, language: str, name: str, place: IO[bytes]) -> ReportFile:
    """Keep a finished file; one that another run made meanwhile stands."""
    file, new = ReportFile.objects.get_or_create(
        snapshot=snapshot,
        language=language,
        format=name,
        defaults={"size": place.seek(0, os.SEEK_END), "made_at": clock.now()},
    )
    if new:
        place.seek(0)
        number = 0
        while piece := place.read(PIECE_BYTES):
            number += 1
            FilePiece.objects.create(file=file, number=number, content=piece)
    return file


def snapshots_agree() -> Iterator[str]:
    """For ``verify_audit``: a sentence for each frozen report that is not as it was written."""
    import hashlib

    for pk in Snapshot.objects.order_by("pk").values_list("pk", flat=True):
        snapshot = Snapshot.objects.get(pk=pk)
        if digest_of(snapshot.document) != snapshot.sha256:
            yield f"Report {snapshot.public_id} is not what its digest says."
            continue
        for section in snapshot.data["sections"]:
            for table in section.get("tables", []):
                if "long" not in table:
                    continue
                whole = hashlib.sha256()
                for part in snapshot.parts.filter(table=table["key"]).iterator(chunk_size=20):
                    for line in part.lines():
                        whole.update(line.encode() + b"\n")
                if whole.hexdigest() != table["long"]["sha256"]:
                    yield f"Report {snapshot.public_id}: the rows of {table['key']} changed."
