"""The draft translations follow the draft source at each save (decision 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import nh3
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Locale, Revision
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from accounts.models import Account
from consultations.actions.breaks import keep_breaks
from consultations.models import Submission
from consultations.translation import (
    AUTHORITY,
    DERIVED,
    MACHINE,
    MANUAL,
    has_marks,
    sentences,
    translation_source,
)
from core import limits
from core.exceptions import Conflict, Invalid
from core.simplified import to_simplified
from core.text import clean_text
from core.texts import LANGUAGES
from participation import faces
from participation.models.pages import FacePage

SENTENCE_LIMIT = 10_000
TOOL = "OpenCC"
_MARKS = {"a", "b", "strong", "i", "em", "sup", "sub", "br"}


#: Gives a sentence of the source in the other authority language, typed; None where unknown.
Translator = Callable[[str], str | None]


@transaction.atomic
def follow_source(
    *, page: FacePage, by: Account | None, translator: Translator | None = None
) -> TranslationSource:
    """Bring the other two drafts up to the source's latest draft. Quick when nothing changed.

    ``page`` is the source page. A live translation keeps its public text: only its draft changes.
    ``translator`` is asked for what has no translation yet, before the drafts are
    made: for papers that come with one.
    """
    draft = page.get_latest_revision_as_object()
    source, _created = TranslationSource.update_or_create_from_instance(draft)
    _take_turn(source)
    if translator is not None:
        other = next(code for code in AUTHORITY if code != page.locale.language_code)
        typed = {
            row.key: translator(row.source)
            for row in sentences(page)
            if row.versions[other].is_missing
        }
        _keep(source, page, other, {key: text for key, text in typed.items() if text}, by)
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    followers = [locales[code] for code in LANGUAGES if code != page.locale.language_code]
    for locale in followers:
        Translation.objects.get_or_create(source=source, target_locale=locale)
    _draft_simplified(source, locales, page.locale.language_code)
    for locale in followers:
        _save_draft(source, locale, by)
    keep_breaks(page)
    return source


def _draft_simplified(
    source: TranslationSource, locales: Mapping[str, Locale], source_language: str
) -> None:
    """Make Simplified from Traditional, sentence by sentence, except where a hand corrected it."""
    target = locales[DERIVED]
    segments = StringSegment.objects.filter(source=source).select_related("string", "context")
    bases = {}
    if source_language != "zh-hant":
        bases = {
            (row.translation_of_id, row.context_id): row.data
            for row in segments.get_translations(locales["zh-hant"]).exclude(has_error=True)
        }
    present = {
        (row.translation_of_id, row.context_id): row
        for row in segments.get_translations(target).select_related("translation_of", "context")
    }
    for segment in segments:
        key = (segment.string_id, segment.context_id)
        base = segment.string.data if source_language == "zh-hant" else bases.get(key)
        row = present.get(key)
        if row is not None and row.translation_type == MANUAL:
            continue
        if base is None:
            if row is not None:
                row.delete()
            continue
        text = to_simplified(base)
        if row is not None and row.data == text:
            continue
        row = present[key] = row or _row(segment, target)
        row.data = text
        row.translation_type = MACHINE
        row.tool_name = TOOL
        row.has_error = False
        row.save()


def _save_draft(source: TranslationSource, locale: Locale, by: Account | None) -> None:
    try:
        page: FacePage = source.get_translated_instance(locale)
    except ObjectDoesNotExist:
        source.create_or_update_translation(locale, user=by, publish=False, fallback=True)
        return
    # Not wagtail-localize's create_or_update: that saves the draft text into the live row.
    draft: FacePage = source.get_ephemeral_translated_instance(locale, fallback=True)
    latest = page.get_latest_revision()
    if latest is not None and _same(latest, draft.serializable_data()):
        return
    draft.save_revision(user=by, clean=False, overwrite_revision=_replaceable(page, latest, by))


#: What a revision carries that says nothing about the paper.
_BOOKKEEPING = {
    "alias_of",
    "depth",
    "draft_title",
    "first_published_at",
    "has_unpublished_changes",
    "last_published_at",
    "latest_revision",
    "latest_revision_created_at",
    "live",
    "live_revision",
    "numchild",
    "owner",
    "path",
    "url_path",
    "wagtail_admin_comments",
}


def _same(revision: Revision, content: Mapping[str, object]) -> bool:
    old = revision.content
    return all(
        old.get(name) == value for name, value in content.items() if name not in _BOOKKEEPING
    )


def _replaceable(page: FacePage, latest: Revision | None, by: Account | None) -> Revision | None:
    """The latest revision may be overwritten unless it was public or an approver was shown it."""
    if latest is None or latest.pk == page.live_revision_id:
        return None
    if latest.user_id != (by.pk if by else None):
        return None
    if Submission.objects.names(translation_key=page.translation_key, revision=latest.pk):
        return None
    return latest


@transaction.atomic
def save_translations(
    *, page: FacePage, language: str, texts: Mapping[str, str], by: Account | None
) -> int:
    """Keep what an officer wrote for sentences of ``page`` in ``language``; returns how many.

    ``texts`` maps ``Sentence.key`` to the text as typed. An emptied one is taken away (and, in
    Simplified, made by machine again); one left as it was stays as it was. Raises ``Invalid`` with
    the sentence's key as ``field``, ``Conflict`` while the paper waits for approval, ``TooMany``.
    """
    limits.spend("desk_write", by.public_id if by else None)
    if Submission.objects.waiting_for(page.translation_key):
        raise Conflict(_("It waits for approval. Take it back first."))
    source = translation_source(page)
    if source is None or language not in LANGUAGES or language == page.locale.language_code:
        raise Invalid(_("There is nothing to translate yet."))
    _take_turn(source)
    written = _keep(source, page, language, texts, by)
    if written:
        follow_source(page=page, by=by)
    return written


def _take_turn(source: TranslationSource) -> None:
    """One at a time writes a paper's sentences: who comes second finds what the first wrote."""
    TranslationSource.objects.select_for_update(no_key=True).values("pk").get(pk=source.pk)


def _keep(
    source: TranslationSource,
    page: FacePage,
    language: str,
    texts: Mapping[str, str],
    by: Account | None,
) -> int:
    """Write, change or take away the translations of sentences; how many. The drafts stay."""
    locale = Locale.objects.get(language_code=language)
    segments = {
        f"{segment.string_id}-{segment.context_id}": segment
        for segment in StringSegment.objects.filter(source=source).select_related(
            "string", "context"
        )
    }
    rows = {
        f"{row.translation_of_id}-{row.context_id}": row
        for row in StringSegment.objects.filter(source=source)
        .get_translations(locale)
        .select_related("translation_of", "context")
    }
    written = 0
    face = faces.of_page(page)
    for key, typed in texts.items():
        segment = segments.get(key)
        if segment is None:
            continue
        data = _stored(segment.string.data, typed, key, _longest(page, segment.context.path))
        row = rows.get(key)
        if row is not None and row.data == data and not row.has_error:
            continue
        if row is not None and face.stands(page, language, segment.context.path):
            raise Invalid(
                _("People have answered, so the words of the questions stay in every language."),
                field=key,
            )
        if not data:
            if row is not None:
                row.delete()
                written += 1
            continue
        _write(row or _row(segment, locale), data, by, key)
        written += 1
    return written


@transaction.atomic
def confirm_sentence(*, page: FacePage, language: str, key: str, by: Account) -> None:
    """Say that a marked sentence stands as it is: the mark goes, the text stays.

    Raises ``Invalid`` for a sentence that is none, ``Conflict`` while the paper waits for approval,
    ``TooMany``.
    """
    limits.spend("desk_write", by.public_id)
    if Submission.objects.waiting_for(page.translation_key):
        raise Conflict(_("It waits for approval. Take it back first."))
    string_id, _dash, context_id = key.partition("-")
    row = None
    if string_id.isdigit() and context_id.isdigit():
        row = StringTranslation.objects.filter(
            translation_of_id=int(string_id),
            context_id=int(context_id),
            context__object_id=page.translation_key,
            locale__language_code=language,
        ).first()
    if row is None:
        raise Invalid(_("There is nothing to confirm."))
    row.translation_type = MANUAL
    row.tool_name = ""
    row.last_translated_by = by
    row.save()


def _row(segment: StringSegment, locale: Locale) -> StringTranslation:
    """A translation of the segment that is not written yet."""
    return StringTranslation(translation_of=segment.string, context=segment.context, locale=locale)


def _write(row: StringTranslation, data: str, by: Account | None, key: str) -> None:
    row.data = data
    row.translation_type = MANUAL
    row.tool_name = ""
    row.last_translated_by = by
    row.has_error = False
    row.field_error = ""
    row.save()
    if row.has_error:
        raise Invalid(_("Keep the links of the original, each once."), field=key)


def _longest(page: FacePage, path: str) -> int:
    """How long the words of a field may be: as long as the field in the source language."""
    found = faces.of_page(page).longest(path)
    if found is not None:
        return found
    field = page._meta.get_field(path.partition(".")[0])
    return min(SENTENCE_LIMIT, getattr(field, "max_length", None) or SENTENCE_LIMIT)


def _stored(source: str, typed: str, key: str, longest: int) -> str:
    """The stored form of what was typed: plain text escaped, marks only where the source has."""
    text = clean_text(typed, max_length=longest, field=key, required=False)
    if not has_marks(source):
        kept = escape(text).replace("&#x27;", "'").replace("&quot;", '"').replace("\n", "<br/>")
        # A title is also kept in this form, in a column of the field's own length.
        return clean_text(kept, max_length=longest, field=key, required=False)
    kept = nh3.clean(
        text.replace("\n", "<br/>"),
        tags=_MARKS,
        attributes={"a": {"id"}},
        link_rel=None,
    )
    return kept.replace("<br>", "<br/>")
