"""Entries of the register brought in as they stood elsewhere, in batches (decision 10).

The same rows as an entry sent here has, with the times of the source: entry, version, receipt, and
beside them what it was at the source. They are public at once: who ran the source decided that.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core import clock
from core.exceptions import Invalid
from participation import kinds
from participation.actions.people_import import BATCH, record_rows
from participation.models import (
    Channel,
    Comment,
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    Engagement,
    ImportedEntry,
    PublishChoice,
    Receipt,
)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One entry at its source. ``person`` is the author's primary key, None for nobody.

    ``answers`` is the source's id of what it answers, '' for nothing. A ``text`` may be empty.
    """

    import_id: str
    person: int | None
    author_name: str
    text: str
    at: dt.datetime
    answers: str = ""
    supports: int | None = None
    agreed: int = 0
    disagreed: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceComment:
    """A comment at its source, and the primary key of the thread it belongs to here."""

    entry: SourceEntry
    thread: int


@transaction.atomic
def import_entries(
    *,
    engagement: Engagement,
    kind: str,
    source: str,
    language: str,
    entries: Sequence[SourceEntry],
) -> list[Contribution]:
    """Enter at most ``BATCH`` entries in the register; the caller's room adds its own rows.

    Raises Invalid, and writes nothing, where one lies outside the engagement's dates. The database
    refuses an id that this source was imported with before.
    """
    rows = _enter(engagement, kind, language, entries)
    _remember(engagement, kind, source, entries, rows, answered={})
    return rows


@transaction.atomic
def import_comments(
    *, engagement: Engagement, source: str, language: str, comments: Sequence[SourceComment]
) -> list[Contribution]:
    """Enter at most ``BATCH`` comments, each after what it answers (of this batch or before).

    Replies keep what they answer at any depth and stand below the comment that began it all, one
    level deep as all replies do. What answers something that is not in this thread begins one: an
    orphan. Raises Invalid as ``import_entries`` does.
    """
    kind = ContributionKind.COMMENT
    entries = [each.entry for each in comments]
    rows = _enter(engagement, kind, language, entries)
    known = _known(source, entries)
    answered: dict[int, int] = {}
    placed = []
    for each, row in zip(comments, rows, strict=True):
        above = known.get(each.entry.answers)
        top = None
        if above is not None and above.thread == each.thread:
            answered[row.pk], top = above.pk, above.top
        placed.append(
            Comment(contribution=row, thread_id=each.thread, parent_id=top, official=False)
        )
        known[each.entry.import_id] = _Known(row.pk, top or row.pk, each.thread)
    record_rows("comment.import", Comment.objects.bulk_create(placed), engagement)
    _remember(engagement, kind, source, entries, rows, answered=answered)
    return rows


@dataclass(frozen=True, slots=True)
class _Known:
    """Where a comment of the source stands here: its key, the one it hangs below, its thread."""

    pk: int
    top: int
    thread: int


def _known(source: str, entries: Sequence[SourceEntry]) -> dict[str, _Known]:
    """What earlier batches made of the comments that these answer."""
    wanted = {each.answers for each in entries if each.answers}
    found = ImportedEntry.objects.filter(
        source=source, kind=ContributionKind.COMMENT, import_id__in=wanted
    ).values_list(
        "import_id", "pk", "contribution__comment__parent", "contribution__comment__thread"
    )
    return {name: _Known(pk, parent or pk, thread) for name, pk, parent, thread in found}


def _enter(
    engagement: Engagement, kind: str, language: str, entries: Sequence[SourceEntry]
) -> list[Contribution]:
    kinds.find(kind)
    if len(entries) > BATCH:
        raise ValueError(f"At most {BATCH} entries are imported at once.")
    opens, closes = engagement.opens_at, engagement.closes_at
    if opens is None or closes is None or any(not opens <= each.at < closes for each in entries):
        raise Invalid("An entry lies outside the dates of the engagement.", code="phase")
    rows = Contribution.objects.bulk_create(
        Contribution(
            engagement=engagement,
            person_id=each.person,
            kind=kind,
            channel=Channel.IMPORT,
            language=language,
            received_at=each.at,
            published_at=each.at,
            publish_choice=PublishChoice.NAME,
            state=ContributionState.PUBLISHED,
            author_name=each.author_name,
            text=each.text,
        )
        for each in entries
    )
    versions = ContributionVersion.objects.bulk_create(
        ContributionVersion(contribution=row, number=1, text=row.text, at=row.received_at)
        for row in rows
    )
    now = clock.now()
    # Nobody holds its code; but every entry has one, and pages and moderators count on that.
    Receipt.objects.bulk_create(
        Receipt(engagement=engagement, person_id=row.person_id, contribution=row, created_at=now)
        for row in rows
    )
    verb = f"{kind}.import"
    record_rows(verb, rows, engagement)
    record_rows(verb, versions, engagement)
    return rows


def _remember(
    engagement: Engagement,
    kind: str,
    source: str,
    entries: Sequence[SourceEntry],
    rows: Sequence[Contribution],
    *,
    answered: Mapping[int, int],
) -> None:
    """What each entry was at the source; ``answered`` is what it answers here, by its key."""
    made = ImportedEntry.objects.bulk_create(
        ImportedEntry(
            contribution=row,
            source=source,
            kind=kind,
            import_id=each.import_id,
            answers_import_id=each.answers,
            answers_id=answered.get(row.pk),
            supports=each.supports,
            agreed=each.agreed,
            disagreed=each.disagreed,
            facts=each.facts,
        )
        for each, row in zip(entries, rows, strict=True)
    )
    record_rows(f"{kind}.import", made, engagement)
