"""Publishing writes rows (decision 1): schedule, chapters, paragraphs, statements, versions.

The three languages open together in one transaction: what is refused leaves everything as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Revision

from accounts.models import Account, Bureau
from consultations.actions.search_text import refresh_search_text
from consultations.actions.translation import follow_source
from consultations.models import (
    Chapter,
    ConsultationPage,
    PaperVersion,
    Paragraph,
    ParagraphVersion,
    Statement,
)
from consultations.reading import ChapterView, chapters, seeds
from consultations.translation import AUTHORITY, complete_languages
from consultations.tree import ensure_section
from core import audit, clock, ids
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from core.texts import LANGUAGES
from participation.actions.engagement import (
    Schedule,
    check_schedule,
    create_draft,
    publish_engagement,
)
from participation.models import Ballot, Engagement, PublicNotice, Thread

TITLE_LIMIT = 200
_publishing: ContextVar[bool] = ContextVar("kaifong_publishing", default=False)


def is_publishing() -> bool:
    """Whether ``publish_paper`` is at work: the page's signal then has nothing to add."""
    return _publishing.get()


@contextmanager
def _at_work() -> Iterator[None]:
    token = _publishing.set(True)
    try:
        yield
    finally:
        _publishing.reset(token)


# --- drafts ---------------------------------------------------------------------------------------


@transaction.atomic
def start_paper(
    *,
    bureau: Bureau,
    title: str,
    source_language: str,
    by: Account | None,
    translation_key: UUID | None = None,
    slug: str = "",
    fields: Mapping[str, Any] | None = None,
) -> ConsultationPage:
    """Make the draft of a new paper, its engagement and the two drafts that follow it.

    ``fields`` are any of the page's own (dates, summary, body…); importers and the demo give a
    ``slug`` and a ``translation_key``. Raises ``Invalid`` for a title or language that cannot be.
    """
    title = clean_text(title, max_length=TITLE_LIMIT, field="title", multiline=False)
    if source_language not in AUTHORITY:
        raise Invalid(
            _("A paper is written in English or Traditional Chinese first."),
            field="source_language",
        )
    section = ensure_section(bureau)[source_language]
    section = type(section).objects.get(pk=section.pk)
    page = ConsultationPage(
        title=title,
        draft_title=title,
        slug=_free_slug(section, slug or slugify(title)),
        locale=section.locale,
        owner=by,
        live=False,
        **dict(fields or {}),
    )
    if translation_key:
        page.translation_key = translation_key
    section.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    after_draft_saved(page=page, by=by)
    return page


def _free_slug(section: Any, wanted: str) -> str:
    base = wanted[:80] or f"paper-{ids.public_id()[:6]}"
    slug, number = base, 2
    while section.get_children().filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def after_draft_saved(*, page: ConsultationPage, by: Account | None) -> Engagement:
    """What follows every save of a draft: the engagement's row is there, translations follow.

    Citizens see nothing of it. Raises ``Invalid`` for a paper begun in Simplified Chinese.
    """
    draft: ConsultationPage = page.get_latest_revision_as_object()
    if page.engagement is None and page.language not in AUTHORITY:
        raise Invalid(_("A paper is written in English or Traditional Chinese first."))
    engagement = create_draft(
        owner=page.bureau,
        translation_key=page.translation_key,
        source_language=page.language,
        title={page.language: draft.title},
        by=by,
    )
    if engagement.source_language == page.language:
        if engagement.published_at is None and engagement.title != {page.language: draft.title}:
            # A draft's title is shown to its officers only.
            engagement.title = {page.language: draft.title}
            engagement.save(update_fields=["title"])
        follow_source(page=page, by=by)
    return engagement


# --- publishing -----------------------------------------------------------------------------------


def versions_of(page: ConsultationPage) -> dict[str, ConsultationPage]:
    """The pages of a paper by language, the source among them."""
    found = ConsultationPage.objects.filter(translation_key=page.translation_key)
    return {one.language: one for one in found.select_related("locale", "latest_revision")}


def latest_revisions(page: ConsultationPage) -> dict[str, int]:
    """The newest draft of each language: what an approver is shown."""
    return {
        language: one.latest_revision_id
        for language, one in versions_of(page).items()
        if one.latest_revision_id
    }


def schedule_of(draft: ConsultationPage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without dates."""
    if draft.opens_at is None:
        raise Invalid(_("Enter the day it opens."), field="opens_on")
    if draft.closes_at is None:
        raise Invalid(_("Enter the last day."), field="closes_on")
    comment, vote = int(draft.comment_level), int(draft.vote_level)
    return Schedule(
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        response_due=draft.response_due,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        levels={
            "comment": comment,
            "answer": comment,
            "statement": max(comment, 1),
            "support": max(comment, 1),
            "vote": vote,
        },
        grace_minutes=draft.grace_minutes,
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
    )


_FIELDS = {"opens_at": "opens_on", "closes_at": "closes_on"}


def check_paper(draft: ConsultationPage, engagement: Engagement | None) -> None:
    """Refuse what publishing would refuse; called by the editor's form and before publishing.

    ``draft`` is a source page object with the values asked for. Raises ``Invalid`` whose ``field``
    is the page's.
    """
    if draft.opens_at and draft.closes_at:
        try:
            check_schedule(
                engagement,
                opens_at=draft.opens_at,
                closes_at=draft.closes_at,
                now=clock.now(),
            )
        except Invalid as error:
            raise Invalid(
                error.message, field=_FIELDS.get(error.field, error.field), code=error.code
            ) from error
    if draft.response_due and draft.closes_on and draft.response_due <= draft.closes_on:
        raise Invalid(_("The response date must be after the close."), field="response_due")
    if engagement is None or engagement.published_at is None:
        return
    live = ConsultationPage.objects.filter(
        translation_key=draft.translation_key, locale_id=draft.locale_id, live=True
    ).first()
    if live is not None and live.slug != draft.slug:
        raise Invalid(_("The address stays as it was published."), field="slug")
    if engagement.opens_at and clock.now() >= engagement.opens_at:
        _check_statements(draft, engagement)


def _check_statements(draft: ConsultationPage, engagement: Engagement) -> None:
    """A statement people may have voted on keeps its words: take it away and add another."""
    language = draft.language
    texts = seeds(draft)
    for row in engagement.statements.filter(retired_at=None).exclude(block_id=""):
        new = texts.get(row.block_id)
        if new is not None and row.text.get(language) and row.text[language] != new:
            raise Invalid(
                _(
                    "People may have voted on this statement, so its words stay. "
                    "Take it away and add another."
                ),
                field="statements",
            )


def check_publishable(
    page: ConsultationPage, draft: ConsultationPage, engagement: Engagement
) -> list[str]:
    """Refuse now what publishing would refuse; returns the languages that would open."""
    check_paper(draft, engagement)
    languages = _languages_to_open(page, draft)
    schedule_of(draft)
    if not any(chapter.paragraphs for chapter in chapters(draft)):
        raise Invalid(_("Write at least one paragraph."), field="body")
    return languages


@transaction.atomic
def publish_paper(
    *, page: ConsultationPage, by: Account | None, revisions: Mapping[str, int] | None = None
) -> Engagement:
    """Publish the three languages together and write the rows.

    ``page`` is the source page; ``revisions`` are the drafts to publish by language (the latest
    when left out). Versions that lack sentences stay unpublished: English or Traditional may lack
    some only if the page says when it follows. Raises ``Invalid`` and writes nothing otherwise.
    """
    engagement = Engagement.objects.select_for_update().get(translation_key=page.translation_key)
    if not page.is_source:
        raise Conflict(_("Publish the version the others follow."))
    revisions = dict(revisions or latest_revisions(page))
    drafts = _drafts(page, revisions)
    draft = drafts[page.language]
    languages = check_publishable(page, draft, engagement)
    schedule = schedule_of(draft)
    with _at_work():
        for language in languages:
            # Whoever approves need not hold Wagtail's own right to publish.
            Revision.objects.get(pk=revisions[language]).publish(
                user=by, skip_permission_checks=True
            )
    opening = {language: drafts[language] for language in languages}
    live = versions_of(page)
    schedule = _with_texts(schedule, opening, engagement)
    schedule.paths.update(
        {language: path for language in languages if (path := _path(live[language]))}
    )
    engagement = publish_engagement(engagement=engagement, schedule=schedule, by=by)
    _write_paper(engagement, opening, page.language, by)
    refresh_search_text(engagement)
    return engagement


def _drafts(page: ConsultationPage, revisions: Mapping[str, int]) -> dict[str, ConsultationPage]:
    found = Revision.objects.in_bulk(revisions.values())
    pages = versions_of(page)
    drafts: dict[str, ConsultationPage] = {}
    for language, number in revisions.items():
        revision = found.get(number)
        if revision is None or language not in pages:
            raise Conflict(_("The paper was changed since. Look at it again."))
        if str(pages[language].pk) != revision.object_id:
            raise Conflict(_("The paper was changed since. Look at it again."))
        drafts[language] = revision.as_object()
    if page.language not in drafts:
        raise Conflict(_("The paper was changed since. Look at it again."))
    return drafts


def _languages_to_open(page: ConsultationPage, draft: ConsultationPage) -> list[str]:
    complete = complete_languages(page)
    for language in AUTHORITY:
        if language not in complete and draft.versions_follow_on is None:
            name = {"en": _("English"), "zh-hant": _("Traditional Chinese")}[language]
            raise Invalid(
                _("The %(language)s version is not complete. Complete it, or say when it follows.")
                % {"language": name},
                field="versions_follow_on",
                code="language_missing",
                data={"language": language},
            )
    return complete


def _path(page: ConsultationPage) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts else ""


def _with_texts(
    schedule: Schedule, opening: Mapping[str, ConsultationPage], engagement: Engagement
) -> Schedule:
    schedule.title.update({language: one.title for language, one in opening.items()})
    schedule.summary.update({language: one.summary for language, one in opening.items()})
    if engagement.published_at is not None:
        # A version published before and lacking something now keeps its address.
        schedule.paths.update(engagement.paths)
    schedule.attribution.update(engagement.attribution)
    return schedule


# --- rows -----------------------------------------------------------------------------------------


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


def _write_paper(
    engagement: Engagement,
    opening: Mapping[str, ConsultationPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the rows of the blocks; raises what the callers' checks let through by mistake."""
    now = clock.now()
    last = engagement.paper_versions.first()
    opened = last is not None and engagement.opens_at is not None and engagement.opens_at <= now
    number = (last.number if last else 0) + 1 if (opened or last is None) else last.number
    read = {language: chapters(one) for language, one in opening.items()}
    changes = _write_chapters(engagement, read, source, number, now)
    changes.rows += _write_statements(engagement, opening, source, now)
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
    return PublicNotice.objects.create(
        engagement=engagement,
        kind="changed",
        text=texts,
        data={"version": version.number, **changes.anchors()},
        at=now,
        by=by,
    )


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
