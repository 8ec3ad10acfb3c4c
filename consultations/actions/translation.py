"""The draft translations follow the draft source at each save (decision 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import nh3
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.strings import StringValue, validate_translation_links

from accounts.models import Account
from consultations.actions.breaks import keep_breaks
from consultations.actions.pieces import keep_pieces
from consultations.actions.versions import save_version
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
    *,
    page: FacePage,
    by: Account | None,
    translator: Translator | None = None,
    draft: FacePage | None = None,
) -> TranslationSource:
    """Bring the other two drafts up to the source's latest draft. Quick when nothing changed.

    ``page`` is the source page, ``draft`` its latest draft where that is at hand; of one that was
    saved again meanwhile the newest is taken. A live translation keeps its public text: only its
    draft changes. ``translator`` is asked for what has no translation yet, before the drafts are
    made: for papers that come with one.
    """
    _take_turn(page)
    rows = type(page)._default_manager.filter(pk=page.pk)
    if rows.values_list("latest_revision", flat=True).get() != page.latest_revision_id:
        page, draft = rows.get(), None
    draft = draft or page.get_latest_revision_as_object()
    source = keep_pieces(draft)
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    if translator is not None:
        other = next(code for code in AUTHORITY if code != page.locale.language_code)
        typed = {
            row.key: translator(row.source)
            for row in sentences(page)
            if row.versions[other].is_missing
        }
        texts = {key: text for key, text in typed.items() if text}
        _keep(source, page, locales[other], texts, by)
    followers = [locales[code] for code in LANGUAGES if code != page.locale.language_code]
    _have_followed(source, followers)
    _draft_simplified(source, locales, page.locale.language_code)
    drafts = {page.locale.language_code: draft}
    for locale in followers:
        drafts[locale.language_code] = save_version(
            source=source, draft=draft, locale=locale, by=by
        )
    keep_breaks(page, drafts=drafts)
    return source


def _have_followed(source: TranslationSource, followers: Iterable[Locale]) -> None:
    """Note that these follow the source, where that is not noted yet."""
    known = set(source.translations.values_list("target_locale_id", flat=True))
    Translation.objects.bulk_create(
        Translation(source=source, target_locale=locale)
        for locale in followers
        if locale.pk not in known
    )


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
    new: list[StringTranslation] = []
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
        new.append(row)
    _save(new)


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
    _take_turn(page)
    written = _keep(source, page, Locale.objects.get(language_code=language), texts, by)
    if written:
        follow_source(page=page, by=by)
    return written


def _take_turn(page: FacePage) -> None:
    """One at a time writes a paper's sentences: who comes second finds what the first wrote.

    Before anything was kept of a paper there is nothing to wait for.
    """
    kept = TranslationSource.objects.select_for_update(no_key=True).values("pk")
    kept.filter(object_id=page.translation_key, locale_id=page.locale_id).first()


def _keep(
    source: TranslationSource,
    page: FacePage,
    locale: Locale,
    texts: Mapping[str, str],
    by: Account | None,
) -> int:
    """Write, change or take away the translations of sentences; how many. The drafts stay."""
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
    changed: list[StringTranslation] = []
    face = faces.of_page(page)
    for key, typed in texts.items():
        segment = segments.get(key)
        if segment is None:
            continue
        data = _stored(segment.string.data, typed, key, _longest(page, segment.context.path))
        row = rows.get(key)
        if row is not None and row.data == data and not row.has_error:
            continue
        if row is not None and face.stands(page, locale.language_code, segment.context.path):
            raise Invalid(
                _("People have answered, so the words of the questions stay in every language."),
                field=key,
            )
        if not data:
            if row is not None:
                row.delete()
                written += 1
            continue
        row = row or _row(segment, locale)
        _write(row, data, by, key)
        changed.append(row)
        written += 1
    _save(changed)
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
    if not _is_sound(row):
        raise Invalid(_("Keep the links of the original, each once."), field=key)


def _is_sound(row: StringTranslation) -> bool:
    """Whether it holds the original's links, as wagtail-localize asks of every translation."""
    try:
        StringValue.from_translated_html(row.data)
        validate_translation_links(row.translation_of.data, row.data)
    except ValueError:
        return False
    return True


def _save(rows: Iterable[StringTranslation]) -> None:
    """Write translations, all new ones at once."""
    new = []
    for row in rows:
        if row.pk is None and row.context.path != "title":
            row.has_error = not _is_sound(row)
            new.append(row)
        else:
            # The title a draft has in lists follows each by a signal.
            row.save()
    StringTranslation.objects.bulk_create(new)


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
