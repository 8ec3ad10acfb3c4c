"""A paper's files: which there are, written with the paper; what they say, read by a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import PurePath

from django.db import models, transaction

from consultations.files.reading import READABLE, Read, read_file
from consultations.models import FilePart, PaperFile
from consultations.reading import ChapterView
from core import audit, jobs
from core.models import MediaDocument
from core.texts import LANGUAGES
from participation.models import Engagement

JOB = "consultations.read_file"


def write_files(
    engagement: Engagement, read: Mapping[str, list[ChapterView]], now: dt.datetime
) -> list[models.Model]:
    """The rows of a paper's file blocks; called in the transaction that publishes.

    What a block offers no more is forgotten at once, and so found no more; what it offers anew is
    read by a job of that transaction.
    """
    titles: dict[str, dict[str, str]] = {}
    documents: dict[str, dict[str, int]] = {}
    for language in (code for code in LANGUAGES if code in read):
        for item in (each for chapter in read[language] for each in chapter.items):
            document = item.value.get("document") if item.kind == "document" else None
            if document is not None:
                titles.setdefault(item.block_id, {})[language] = item.value["title"]
                documents.setdefault(item.block_id, {})[language] = document.pk
    # Held, so that a job that reads one meanwhile keeps nothing of what is taken out here.
    held = PaperFile.objects.select_for_update().filter(engagement=engagement).order_by("pk")
    known = {row.block_id: row for row in held}
    rows: list[models.Model] = []
    for block_id, title in titles.items():
        row = known.pop(block_id, None) or PaperFile(engagement=engagement, block_id=block_id)
        row.title, row.documents, row.retired_at = title, documents[block_id], None
        row.readings = _offered_readings(row)
        row.save()
        _forget_others(row)
        # Each of its documents may take minutes: no other work waits for it.
        jobs.enqueue(JOB, row.pk, behind=True)
        rows.append(row)
    for row in known.values():
        if row.retired_at is None:
            row.retired_at, row.readings = now, {}
            row.save(update_fields=["retired_at", "readings"])
            _forget_others(row)
            rows.append(row)
    return rows


def _offered(row: PaperFile) -> set[int]:
    return set() if row.retired_at else set(row.documents.values())


def _offered_readings(row: PaperFile) -> dict[str, dict[str, str]]:
    """What is known of the documents that the block offers, of no other."""
    offered = _offered(row)
    return {key: each for key, each in row.readings.items() if int(key) in offered}


def _forget_others(row: PaperFile) -> None:
    """Delete the parts of documents that the block does not offer; search forgets each."""
    FilePart.objects.filter(file=row).exclude(document__in=_offered(row)).delete()


def read_files(*, file: int) -> int:
    """Read the documents of a block that were not read yet as they are now; how many.

    Safe to run twice. Called by jobs alone: each document may take minutes.
    """
    done = 0
    for row in PaperFile.objects.filter(pk=file, retired_at=None):
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

    A part keeps its row, so that a file put right is no new one to those who search. Of a file that
    is offered no more nothing is kept. Called by ``read_files`` alone.
    """
    row = (
        PaperFile.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=file)
    )
    if document.pk not in _offered(row):
        return
    _forget_others(row)
    known = FilePart.objects.filter(file=row, document=document)
    known.filter(order__gt=len(found.parts)).delete()
    language = _language_of(document, row, found)
    FilePart.objects.bulk_create(
        [
            FilePart(
                file=row,
                document=document,
                language=language,
                order=order,
                page=part.page,
                text=part.text,
            )
            for order, part in enumerate(found.parts, start=1)
        ],
        update_conflicts=True,
        unique_fields=["file", "document", "order"],
        update_fields=["language", "page", "text"],
    )
    row.readings = {
        **_offered_readings(row),
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
    rows = PaperFile.objects.filter(offers, retired_at=None).order_by("pk")
    for file in rows.values_list("pk", flat=True):
        # In front of what is only new: what is taken out of a file is found until it was read.
        jobs.enqueue(JOB, file)


def ask_again() -> None:
    """Have all read that public papers offer: whether each is as it was is looked at by its job."""
    rows = PaperFile.objects.filter(retired_at=None, engagement__state="published").order_by("pk")
    for file in rows.values_list("pk", flat=True):
        jobs.enqueue(JOB, file, behind=True)


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
