"""A paper's files: which there are, written with the paper; what they say, read by a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from django.db import models, transaction

from consultations.files.reading import READABLE, Read, read_file
from consultations.models import FilePart, PaperFile
from consultations.reading import ChapterView
from core import audit, jobs
from core.models import MediaDocument
from core.texts import LANGUAGES
from participation.models import Engagement

JOB = "consultations.read_files"


def write_files(
    engagement: Engagement, read: Mapping[str, list[ChapterView]], now: dt.datetime
) -> list[models.Model]:
    """The rows of a paper's file blocks; called in the transaction that publishes.

    What changed is read by a job of that transaction.
    """
    titles: dict[str, dict[str, str]] = {}
    documents: dict[str, dict[str, int]] = {}
    for language in (code for code in LANGUAGES if code in read):
        for item in (each for chapter in read[language] for each in chapter.items):
            document = item.value.get("document") if item.kind == "document" else None
            if document is not None:
                titles.setdefault(item.block_id, {})[language] = item.value["title"]
                documents.setdefault(item.block_id, {})[language] = document.pk
    known = {row.block_id: row for row in PaperFile.objects.filter(engagement=engagement)}
    rows: list[models.Model] = []
    for block_id, title in titles.items():
        row = known.pop(block_id, None) or PaperFile(engagement=engagement, block_id=block_id)
        row.title, row.documents, row.retired_at = title, documents[block_id], None
        row.save()
        rows.append(row)
    for row in known.values():
        if row.retired_at is None:
            row.retired_at = now
            row.save(update_fields=["retired_at"])
            rows.append(row)
    if rows:
        jobs.enqueue(JOB, engagement.pk)
    return rows


def read_files(*, engagement: int) -> int:
    """Read the files of a paper that were not read yet as they are now; how many.

    Safe to run twice. Called by jobs alone: each file may take minutes.
    """
    done = 0
    for row in PaperFile.objects.filter(engagement=engagement, retired_at=None).order_by("pk"):
        there = MediaDocument.objects.filter(pk__in=set(row.documents.values()))
        for document in there.order_by("pk"):
            if row.readings.get(str(document.pk), {}).get("of") == _name_of(document):
                continue
            # Outside of any transaction: only what was read is written in one.
            if PurePath(document.file.name).suffix.lower().removeprefix(".") in READABLE:
                found = read_file(document.file)
            else:
                found = Read()
            keep_text(file=row.pk, document=document, found=found)
            done += 1
    return done


@transaction.atomic
def keep_text(*, file: int, document: MediaDocument, found: Read) -> None:
    """Keep what a document of a paper's file says in place of what it said before.

    A file that is offered no more is left as it is. Called by ``read_files`` alone.
    """
    row = (
        PaperFile.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=file)
    )
    if row.retired_at is not None or document.pk not in row.documents.values():
        return
    wanted = set(row.documents.values())
    FilePart.objects.filter(file=row).exclude(document__in=wanted - {document.pk}).delete()
    language = _language_of(document, row, found)
    FilePart.objects.bulk_create(
        FilePart(
            file=row,
            document=document,
            language=language,
            order=order,
            page=part.page,
            text=part.text,
        )
        for order, part in enumerate(found.parts, start=1)
    )
    row.readings = {
        **{key: each for key, each in row.readings.items() if int(key) in wanted},
        str(document.pk): {"of": _name_of(document), "code": found.code},
    }
    row.save(update_fields=["readings"])
    audit.record(
        "paper.read_file",
        actor=audit.SYSTEM,
        engagement_id=row.engagement.public_id,
        rows=[row],
    )


def replaced(document: MediaDocument) -> None:
    """A document was saved: papers that offer it have it read again where its file is another."""
    offers = models.Q(pk=None)
    for language in LANGUAGES:
        offers |= models.Q(**{f"documents__{language}": document.pk})
    rows = PaperFile.objects.filter(offers, retired_at=None).order_by("engagement")
    for engagement in rows.values_list("engagement", flat=True).distinct():
        jobs.enqueue(JOB, engagement)


def waiting() -> Iterable[int]:
    """Papers with a file: whether each is read as it is now is looked at one by one."""
    rows = PaperFile.objects.filter(retired_at=None, engagement__state="published")
    return rows.order_by("engagement").values_list("engagement", flat=True).distinct()


def _name_of(document: MediaDocument) -> str:
    """Which file of a document it is: another one has another name or digest."""
    return f"{document.file.name}:{document.file_hash}"


def _language_of(document: MediaDocument, row: PaperFile, found: Read) -> str:
    """As the document says, else by its letters and the versions of the paper it stands in."""
    if document.language in LANGUAGES:
        return document.language
    if not found.is_chinese:
        return "en"
    of = {language for language, key in row.documents.items() if key == document.pk}
    return "zh-hans" if of == {"zh-hans"} else "zh-hant"
