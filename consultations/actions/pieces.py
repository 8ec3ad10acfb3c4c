"""The pieces of a draft that are translated, kept in a few statements for all of them.

wagtail-localize's own ``TranslationSource.update_or_create_from_instance`` keeps the same rows by
some fifteen statements for each piece, which made most of what saving a draft took.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
    get_schema_version,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

from core import clock
from participation.models.pages import FacePage

#: What tells a piece from every other of the same page, by the table that keeps it.
_TOLD_BY: dict[type[models.Model], tuple[str, ...]] = {
    StringSegment: ("context_id", "order", "string_id", "attrs"),
    TemplateSegment: ("context_id", "order", "template_id"),
    RelatedObjectSegment: ("context_id", "order", "object_id"),
    OverridableSegment: ("context_id", "order", "data_json"),
}

_CHANGING = ["object_repr", "content_json", "schema_version", "last_updated_at"]


@transaction.atomic
def keep_pieces(draft: FacePage) -> TranslationSource:
    """Keep what a source page's draft says, with its pieces; at once where nothing changed."""
    content = draft.to_json()
    source = TranslationSource.objects.filter(
        object_id=draft.translation_key, locale_id=draft.locale_id
    ).first()
    if source is not None and json.loads(source.content_json) == json.loads(content):
        return source
    if source is None:
        source = TranslationSource(
            object=_object_of(draft),
            locale_id=draft.locale_id,
            specific_content_type=ContentType.objects.get_for_model(type(draft)),
        )
    source.object_repr = str(draft)[:200]
    source.content_json = content
    source.schema_version = get_schema_version(draft._meta.app_label)
    source.last_updated_at = clock.now()
    # Whoever writes the row first goes first: the other waits here, and finds its pieces.
    if source.pk is not None:
        source.save(update_fields=_CHANGING)
    else:
        TranslationSource.objects.bulk_create(
            [source],
            update_conflicts=True,
            unique_fields=["object", "locale"],
            update_fields=_CHANGING,
        )
    _keep(source, draft)
    return source


def _keep(source: TranslationSource, draft: FacePage) -> None:
    values = list(extract_segments(draft))
    contexts = _contexts(source, draft, {value.path for value in values})
    strings = _strings(
        source.locale_id,
        {value.string.data for value in values if isinstance(value, StringSegmentValue)},
    )
    templates = _templates(value for value in values if isinstance(value, TemplateSegmentValue))
    wanted: dict[type[models.Model], dict[tuple[Any, ...], None]] = {
        model: {} for model in _TOLD_BY
    }
    for value in values:
        place = (contexts[value.path], value.order)
        if isinstance(value, TemplateSegmentValue):
            wanted[TemplateSegment][*place, templates[_template_id(value)]] = None
        elif isinstance(value, RelatedObjectSegmentValue):
            other, _created = TranslatableObject.objects.get_or_create(
                content_type=value.content_type, translation_key=value.translation_key
            )
            wanted[RelatedObjectSegment][*place, other.pk] = None
        elif isinstance(value, OverridableSegmentValue):
            wanted[OverridableSegment][*place, _as_json(value.data)] = None
        else:
            told = (strings[value.string.data], _as_json(value.attrs))
            wanted[StringSegment][*place, *told] = None
    for model, pieces in wanted.items():
        _bring_in_line(model, source, pieces)


def _object_of(draft: FacePage) -> TranslatableObject:
    row = TranslatableObject(
        translation_key=draft.translation_key,
        content_type=ContentType.objects.get_for_model(draft.get_translation_model()),
    )
    TranslatableObject.objects.bulk_create([row], ignore_conflicts=True)
    return row


def _as_json(data: object) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder)


def _bring_in_line(
    model: type[models.Model], source: TranslationSource, pieces: Collection[tuple[Any, ...]]
) -> None:
    """Have exactly these rows: what stands stays, in the order of the page what is new."""
    names = _TOLD_BY[model]
    rows = model._default_manager.filter(source=source)
    known = {tuple(told): pk for pk, *told in rows.values_list("pk", *names)}
    gone = [pk for told, pk in known.items() if told not in pieces]
    if gone:
        rows.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(
        model(source=source, **dict(zip(names, told, strict=True)))
        for told in pieces
        if told not in known
    )


def _contexts(
    source: TranslationSource, draft: FacePage, paths: Collection[str]
) -> Mapping[str, int]:
    """The rows of the places in the page, by path."""
    mine = TranslationContext.objects.filter(object_id=source.object_id)
    known = dict(mine.values_list("path", "pk"))
    new = [_context(source, draft, path) for path in sorted(set(paths) - set(known))]
    TranslationContext.objects.bulk_create(new)
    return known | {row.path: row.pk for row in new}


def _context(source: TranslationSource, draft: FacePage, path: str) -> TranslationContext:
    row = TranslationContext(
        object_id=source.object_id, path=path, path_id=TranslationContext._get_path_id(path)
    )
    # It would be written at once, and alone.
    row.save = lambda **_kwargs: None
    row.get_field_path(draft)
    return row


def _strings(locale_id: int, texts: Iterable[str]) -> Mapping[str, int]:
    """The rows of sentences, which all pages of a language share, by sentence."""
    wanted: dict[UUID, str] = {String._get_data_hash(text): text for text in texts}
    rows = String.objects.filter(locale_id=locale_id)

    def known() -> dict[str, int]:
        found = rows.filter(data_hash__in=wanted).values_list("data_hash", "pk")
        return {wanted[data_hash]: pk for data_hash, pk in found}

    found = known()
    # In one order always: two drafts saved at once with the same sentences wait in line for them.
    new = [
        String(locale_id=locale_id, data_hash=data_hash, data=text)
        for data_hash, text in sorted(wanted.items())
        if text not in found
    ]
    if new:
        String.objects.bulk_create(new, ignore_conflicts=True)
        found = known()
    return found


def _template_id(value: TemplateSegmentValue) -> UUID:
    return uuid5(uuid5(Template.BASE_UUID_NAMESPACE, value.format), value.template)


def _templates(values: Iterable[TemplateSegmentValue]) -> Mapping[UUID, int]:
    """The rows of what stands around sentences, which all pages share."""
    wanted = {_template_id(value): value for value in values}

    def known() -> dict[UUID, int]:
        return dict(Template.objects.filter(uuid__in=wanted).values_list("uuid", "pk"))

    found = known()
    new = [
        Template(
            uuid=uuid,
            template=value.template,
            template_format=value.format,
            string_count=value.string_count,
        )
        for uuid, value in sorted(wanted.items(), key=lambda one: one[0])
        if uuid not in found
    ]
    if new:
        Template.objects.bulk_create(new, ignore_conflicts=True)
        found = known()
    return found
