"""How the three versions of a paper stand: what each lacks, what changed under a translation.

wagtail-localize keeps the segments and their translations; its own screens wait for publication,
so ours read the same tables from the draft (``actions.translation`` writes them).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from core.texts import LANGUAGES
from participation import faces
from participation.models.pages import FacePage

MACHINE = StringTranslation.TRANSLATION_TYPE_MACHINE
MANUAL = StringTranslation.TRANSLATION_TYPE_MANUAL
#: The two authority texts; Simplified follows the Traditional one.
AUTHORITY = ("en", "zh-hant")
DERIVED = "zh-hans"
_TAG = re.compile(r"<[^>]+>")


def has_marks(data: str) -> bool:
    """Whether a sentence holds marks (bold, links) that its translation should keep."""
    return bool(_TAG.search(data.replace("<br/>", "").replace("<br>", "")))


def to_typed(data: str) -> str:
    """A stored sentence as an officer types it: line breaks as such, marks where there are any."""
    text = data.replace("<br/>", "\n").replace("<br>", "\n")
    return text if has_marks(data) else html.unescape(text)


@dataclass(frozen=True)
class Version:
    """One language's translation of one sentence."""

    text: str = ""
    by_machine: bool = False
    #: The source (or the Traditional text it is made from) changed after a human wrote this.
    changed: bool = False
    #: What was written for the earlier source, to start from.
    earlier: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.text


@dataclass(frozen=True)
class Sentence:
    """One piece of the source with its translations by language."""

    key: str
    path: str
    source: str
    marks: bool
    versions: dict[str, Version] = field(default_factory=dict)

    @property
    def field_name(self) -> str:
        return self.path.split(".", 1)[0]


@dataclass(frozen=True)
class Standing:
    """What one version lacks. ``missing`` sentences have no text, ``changed`` need a look."""

    language: str
    total: int
    missing: int
    changed: int
    is_source: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.changed


def translation_source(page: FacePage) -> TranslationSource | None:
    """wagtail-localize's frozen source of the paper, if a draft was ever followed."""
    return TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first()


def targets(page: FacePage) -> list[str]:
    """The languages that follow this source page, Simplified last."""
    return [code for code in LANGUAGES if code != page.locale.language_code]


def sentences(page: FacePage) -> list[Sentence]:
    """Every sentence of the followed draft with its translations, in the order of the page."""
    source = translation_source(page)
    if source is None:
        return []
    segments = list(
        StringSegment.objects.filter(source=source)
        .select_related("string", "context")
        .order_by("order", "id")
    )
    current = {(segment.string_id, segment.context_id) for segment in segments}
    locales = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    known: dict[tuple[int, int, str], StringTranslation] = {}
    earlier: dict[tuple[int, str], StringTranslation] = {}
    rows = StringTranslation.objects.filter(context__object_id=page.translation_key)
    for row in rows.order_by("updated_at"):
        language = locales.get(row.locale_id, "")
        if row.context_id is None:
            continue
        if (row.translation_of_id, row.context_id) in current:
            known[row.translation_of_id, row.context_id, language] = row
        elif row.translation_type == MANUAL:
            earlier[row.context_id, language] = row
    found = []
    taken: set[tuple[int, str]] = set()
    for segment in _ordered(segments, faces.of_page(page).order):
        versions = {}
        for language in targets(page):
            row = known.get((segment.string_id, segment.context_id, language))
            before = earlier.get((segment.context_id, language))
            if before is not None and (before.pk, language) in taken:
                before = None
            needs_human = row is None or row.translation_type == MACHINE
            if before is not None and needs_human:
                taken.add((before.pk, language))
            versions[language] = Version(
                text=to_typed(row.data) if row and not row.has_error else "",
                by_machine=bool(row and row.translation_type == MACHINE),
                changed=bool(before and needs_human) or _overtaken(row, known, segment, language),
                earlier=to_typed(before.data) if before and needs_human else "",
            )
        found.append(
            Sentence(
                key=f"{segment.string_id}-{segment.context_id}",
                path=segment.context.path,
                source=to_typed(segment.string.data),
                marks=has_marks(segment.string.data),
                versions=versions,
            )
        )
    return found


def untranslated(page: FacePage) -> set[str]:
    """Where a version still shows the source's words: names of fields, ids of blocks.

    ``page`` is the version. Empty for the source itself and for what has never been followed.
    """
    engagement = page.engagement
    if engagement is None or engagement.source_language == page.language:
        return set()
    source = (
        type(page)
        ._default_manager.filter(
            translation_key=page.translation_key,
            locale__language_code=engagement.source_language,
        )
        .select_related("locale")
        .first()
    )
    if source is None:
        return set()
    rows = sentences(source)
    return {_where(row.path) for row in rows if row.versions[page.language].is_missing}


def _where(path: str) -> str:
    """The block a sentence is in, or the field where that has no blocks."""
    parts = path.split(".")
    if parts[0] == "body" and len(parts) > 3:
        return parts[3]
    return parts[1] if len(parts) > 1 else parts[0]


def _ordered(segments: list[StringSegment], order: tuple[str, ...]) -> list[StringSegment]:
    def place(segment: StringSegment) -> int:
        name = segment.context.path.split(".", 1)[0]
        return order.index(name) if name in order else len(order)

    places = {segment.pk: index for index, segment in enumerate(segments)}
    return sorted(segments, key=lambda one: (place(one), places[one.pk]))


def _overtaken(
    row: StringTranslation | None,
    known: dict[tuple[int, int, str], StringTranslation],
    segment: StringSegment,
    language: str,
) -> bool:
    """A hand-corrected Simplified sentence whose Traditional text was changed afterwards."""
    if row is None or language != DERIVED or row.translation_type != MANUAL:
        return False
    base = known.get((segment.string_id, segment.context_id, "zh-hant"))
    return base is not None and base.updated_at > row.updated_at


def standings(page: FacePage, found: Iterable[Sentence] | None = None) -> list[Standing]:
    """How each version stands, in the order of the languages; the source is always complete."""
    rows = list(sentences(page) if found is None else found)
    result = []
    for language in LANGUAGES:
        if language == page.locale.language_code:
            result.append(Standing(language, len(rows), 0, 0, is_source=True))
            continue
        versions = [row.versions[language] for row in rows]
        result.append(
            Standing(
                language,
                len(rows),
                sum(one.is_missing for one in versions),
                sum(one.changed and not one.is_missing for one in versions),
            )
        )
    return result


def complete_languages(page: FacePage) -> list[str]:
    """Languages whose version lacks nothing: these open."""
    return [one.language for one in standings(page) if one.is_complete]
