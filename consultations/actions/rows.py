"""Rows for blocks: chapters, paragraphs, statements and their public versions (decision 1).

One row for each block id, texts by language; rows are retired, never deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Account
from consultations.actions.files import write_files
from consultations.models import (
    Chapter,
    ConsultationPage,
    PaperVersion,
    Paragraph,
    ParagraphVersion,
    Statement,
)
from consultations.reading import ChapterView, chapters, seeds
from core import audit, clock, jobs
from core.texts import LANGUAGES
from participation.models import Ballot, Engagement, PublicNotice, Thread


class _Changes:
    """What a publishing changed, to be told to the public after opening."""

    def __init__(self) -> None:
        self.changed: list[Paragraph] = []
        self.added: list[Paragraph] = []
        self.removed: list[Paragraph] = []
        self.rows: list[models.Model] = []

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)

    def anchors(self) -> dict[str, list[str]]:
        return {
            "changed": [row.anchor for row in self.changed],
            "added": [row.anchor for row in self.added],
            "removed": [row.anchor for row in self.removed],
        }


@transaction.atomic
def write_paper(
    *,
    engagement: Engagement,
    opening: Mapping[str, ConsultationPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the rows of the blocks of ``opening`` (pages by language, ``source`` among them).

    Called by ``publish_paper`` alone, after everything that could be refused was checked. After the
    opening a changed paragraph makes a public version and a public notice.
    """
    now = clock.now()
    last = engagement.paper_versions.first()
    opened = last is not None and engagement.opens_at is not None and engagement.opens_at <= now
    number = (last.number if last else 0) + 1 if (opened or last is None) else last.number
    read = {language: chapters(one) for language, one in opening.items()}
    changes = _write_chapters(engagement, read, source, number, now)
    changes.rows += _write_statements(engagement, opening, source, now)
    changes.rows += write_files(engagement, read, now)
    if last is None or (opened and changes):
        version = PaperVersion.objects.create(
            engagement=engagement,
            number=number,
            at=now,
            changes=changes.anchors() if opened else {},
        )
        changes.rows.append(version)
        if opened:
            changes.rows.append(_announce(engagement, version, changes, now, by))
    changes.rows += _keep_versions(changes, number)
    audit.record(
        "paper.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=changes.rows,
    )


def _texts(
    read: Mapping[str, list[ChapterView]],
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Chapter titles and paragraph texts: block id -> language -> text."""
    titles: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, str]] = {}
    for language in (code for code in LANGUAGES if code in read):
        for chapter in read[language]:
            titles.setdefault(chapter.block_id, {})[language] = chapter.title
            for item in chapter.paragraphs:
                texts.setdefault(item.block_id, {})[language] = str(item.html)
    return titles, texts


def _write_chapters(
    engagement: Engagement,
    read: Mapping[str, list[ChapterView]],
    source: str,
    number: int,
    now: dt.datetime,
) -> _Changes:
    changes = _Changes()
    titles, texts = _texts(read)
    known_chapters = {row.block_id: row for row in engagement.chapters.all()}
    known = {row.block_id: row for row in engagement.paragraphs.all()}
    seen_chapters: set[str] = set()
    seen: set[str] = set()
    place = 0
    for order, view in enumerate(read[source], start=1):
        chapter = known_chapters.get(view.block_id) or Chapter(
            engagement=engagement, block_id=view.block_id, anchor=view.anchor
        )
        chapter.order, chapter.number, chapter.retired_at = order, view.number, None
        chapter.title = titles[view.block_id]
        chapter.save()
        changes.rows.append(chapter)
        seen_chapters.add(view.block_id)
        for item in view.paragraphs:
            place += 1
            row = known.get(item.block_id)
            new = texts[item.block_id]
            if row is None:
                thread = Thread.objects.create(
                    engagement=engagement, key=item.anchor, kind="paragraph"
                )
                row = Paragraph(
                    engagement=engagement,
                    block_id=item.block_id,
                    anchor=item.anchor,
                    thread=thread,
                    version=number,
                )
                changes.added.append(row)
            elif row.retired_at is not None:
                Thread.objects.filter(pk=row.thread_id).update(retired_at=None)
                row.version = number
                changes.added.append(row)
            elif _differs(row.text, new):
                row.version = number
                changes.changed.append(row)
            row.chapter, row.order, row.number = chapter, place, item.number
            row.text, row.retired_at = new, None
            row.save()
            changes.rows.append(row)
            seen.add(item.block_id)
    changes.rows += _retire(
        known, known_chapters, seen=seen | seen_chapters, changes=changes, now=now
    )
    return changes


def _differs(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether a text changed; a language that joins or is away meanwhile is no change."""
    return any(old[language] != new[language] for language in old if language in new)


def _retire(
    known: Mapping[str, Paragraph],
    known_chapters: Mapping[str, Chapter],
    *,
    seen: set[str],
    changes: _Changes,
    now: dt.datetime,
) -> list[models.Model]:
    """Rows whose block is gone: never deleted, what was said on them stays readable."""
    retired: list[models.Model] = []
    for block_id, row in known.items():
        if block_id not in seen and row.retired_at is None:
            row.retired_at = now
            row.save(update_fields=["retired_at"])
            Thread.objects.filter(pk=row.thread_id).update(retired_at=now)
            changes.removed.append(row)
            retired.append(row)
    for block_id, chapter in known_chapters.items():
        if block_id not in seen and chapter.retired_at is None:
            chapter.retired_at = now
            chapter.save(update_fields=["retired_at"])
            retired.append(chapter)
    return retired


def _keep_versions(changes: _Changes, number: int) -> list[models.Model]:
    """The text of each paragraph from this version on; before opening the first is rewritten."""
    kept: list[models.Model] = []
    touched = {row.pk for row in (*changes.changed, *changes.added)}
    for row in changes.rows[:]:
        if not isinstance(row, Paragraph) or row.retired_at is not None:
            continue
        # A language that joined later belongs to the version it translates.
        wanted = number if row.pk in touched else row.version
        version, _created = ParagraphVersion.objects.update_or_create(
            paragraph=row, number=wanted, defaults={"text": row.text}
        )
        kept.append(version)
    return kept


def _announce(
    engagement: Engagement,
    version: PaperVersion,
    changes: _Changes,
    now: dt.datetime,
    by: Account | None,
) -> PublicNotice:
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = _change_sentence(changes)
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind="changed",
        text=texts,
        data={
            "version": version.number,
            **changes.anchors(),
            # The notice leads to each of them.
            "anchors": [
                {"anchor": row.anchor, "number": row.number}
                for row in (*changes.changed, *changes.added)
            ],
        },
        at=now,
        by=by,
    )
    jobs.enqueue("participation.tell_readers", "changed", notice.pk)
    return notice


def _change_sentence(changes: _Changes) -> str:
    comma = _(", ")
    parts = []
    if changes.changed:
        numbers = comma.join(row.number for row in changes.changed)
        parts.append(_("Changed: %(numbers)s.") % {"numbers": numbers})
    if changes.added:
        numbers = comma.join(row.number for row in changes.added)
        parts.append(_("New: %(numbers)s.") % {"numbers": numbers})
    if changes.removed:
        numbers = comma.join(row.number for row in changes.removed)
        parts.append(_("Taken out: %(numbers)s.") % {"numbers": numbers})
    return " ".join(parts)


def _write_statements(
    engagement: Engagement,
    opening: Mapping[str, ConsultationPage],
    source: str,
    now: dt.datetime,
) -> list[models.Model]:
    texts: dict[str, dict[str, str]] = {}
    for language in (code for code in LANGUAGES if code in opening):
        for block_id, text in seeds(opening[language]).items():
            texts.setdefault(block_id, {})[language] = text
    known = {row.block_id: row for row in engagement.statements.exclude(block_id="")}
    rows: list[models.Model] = []
    order = 0
    for order, block_id in enumerate(seeds(opening[source]), start=1):
        row = known.pop(block_id, None)
        if row is None:
            row = Statement(
                engagement=engagement,
                ballot=Ballot.objects.create(engagement=engagement, kind="statement"),
                block_id=block_id,
                created_at=now,
                state="published",
            )
        row.text, row.order, row.retired_at = texts[block_id], order, None
        row.save()
        rows.append(row)
    for row in known.values():
        if row.retired_at is None:
            row.retired_at = now
            row.save(update_fields=["retired_at"])
            rows.append(row)
    return rows
