"""Writing what can be found, in the transaction of what it describes.

``follow`` hears of every audited row (``core.audit.register_follower``) and writes the documents
that it changes; ``rebuild`` writes all of them again. What is as it was is read and not written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import models, transaction
from django.db.models import Q

from core import audit
from search import registry
from search.models import SearchDoc, SearchScope
from search.registry import Document, Scopes, Source
from search.tokens import digest_of, read

#: How many objects are read and written at once.
BATCH = 200
_WRITTEN = [
    field.name
    for field in SearchDoc._meta.concrete_fields
    if field.name not in {"id", "kind", "object_id", "language"}
]


Written = Mapping[type[models.Model], Collection[int]]


def follow(written: Written) -> None:
    """Rows were written: bring what can be found in line, in their transaction."""
    for scopes in registry.scopes():
        if found := _reached(scopes, written):
            _write_scopes(scopes, found)
    for source in registry.sources():
        if found := _reached(source, written):
            for part in _parts(sorted(found)):
                write(source, part)


def _reached(origin: Source | Scopes, written: Written) -> set[int]:
    """The keys of the origin's objects that these rows change."""
    found: set[int] = set()
    for model, keys in written.items():
        path = origin.follows.get(model)
        if path == "pk":
            found.update(keys)
        elif path is not None:
            for part in _parts(sorted(keys)):
                rows = origin.model._base_manager.filter(**{f"{path}__in": part})
                found.update(rows.values_list("pk", flat=True))
    return found


def _parts(keys: Sequence[int]) -> Iterator[list[int]]:
    return (list(keys[at : at + BATCH]) for at in range(0, len(keys), BATCH))


def _write_scopes(scopes: Scopes, keys: Collection[int]) -> int:
    rows = [
        SearchScope(
            key=scope.key,
            visible=scope.visible,
            bureau=scope.bureau,
            opens_at=scope.opens_at,
            closes_at=scope.closes_at,
            answered_at=scope.answered_at,
        )
        for scope in scopes.read(keys)
    ]
    # Documents of a scope that is not there are found by nobody.
    hidden = [row.key for row in rows if not row.visible]
    if hidden:
        SearchScope.objects.filter(key__in=hidden).delete()
    shown = [row for row in rows if row.visible]
    if shown:
        SearchScope.objects.bulk_create(
            shown,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["visible", "bureau", "opens_at", "closes_at", "answered_at"],
        )
    return len(rows)


def write(source: Source, keys: Sequence[int]) -> int:
    """Write the documents of these objects, take away those that are no more; how many changed.

    Two queries besides the source's own where nothing changed or nothing is public.
    """
    wanted = {
        (each.kind, each.object_id, each.language): each
        for each in source.documents(keys)
        if each.title.strip() or each.body.strip()
    }
    known = {
        (kind, object_id, language): (pk, digest)
        for pk, kind, object_id, language, digest in SearchDoc.objects.filter(
            kind__in=list(source.kinds), object_id__in=keys
        ).values_list("pk", "kind", "object_id", "language", "digest")
    }
    gone = [pk for key, (pk, _digest) in known.items() if key not in wanted]
    if gone:
        SearchDoc.objects.filter(pk__in=gone).delete()
    rows = []
    for key, document in sorted(wanted.items()):
        digest = digest_of(document.scope, document.title, document.body, document.at.isoformat())
        if key not in known or known[key][1] != digest:
            rows.append(_row(document, digest))
    if rows:
        SearchDoc.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["kind", "object_id", "language"],
            update_fields=_WRITTEN,
        )
    return len(gone) + len(rows)


def _row(document: Document, digest: str) -> SearchDoc:
    found = read(document.title, document.body)
    return SearchDoc(
        kind=document.kind,
        object_id=document.object_id,
        language=document.language,
        scope=document.scope,
        at=document.at,
        title=document.title,
        body=document.body,
        title_plain=found.title_plain,
        body_plain=found.body_plain,
        tokens=found.tokens,
        length=found.length,
        digest=digest,
    )


def rebuild() -> dict[str, int]:
    """Bring everything in line with what it describes; how many rows differed, by source.

    In transactions of ``BATCH`` objects each, so that nobody else waits long, and safe to be
    stopped and begun again. A second run finds nothing to do.
    """
    changed: dict[str, int] = {}
    for scopes in registry.scopes():
        for part in _all_keys(scopes.model):
            with transaction.atomic():
                _write_scopes(scopes, part)
    for source in registry.sources():
        changed[source.name] = 0
        for part in _all_keys(source.model):
            with transaction.atomic():
                changed[source.name] += write(source, part)
        changed[source.name] += _sweep(source)
    return changed


def _all_keys(model: type[models.Model]) -> Iterator[list[int]]:
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    last = 0
    while part := list(keys.filter(pk__gt=last)[:BATCH]):
        yield part
        last = part[-1]


def _sweep(source: Source) -> int:
    """Documents whose object is no more, or whose kind nobody registers any more."""
    rows = SearchDoc.objects.filter(kind__in=list(source.kinds)).exclude(
        object_id__in=source.model._base_manager.values("pk")
    )
    count, _by_model = rows.delete()
    unknown = SearchDoc.objects.exclude(kind__in=list(registry.kinds()))
    return count + unknown.delete()[0]


def connect() -> None:
    """Called once from ``ready()``: what the audit trail names is followed."""
    audit.register_follower("search", follow)


def differences() -> list[str]:
    """What ``rebuild`` would change, a line each: nothing, where every act was followed."""
    found: list[str] = []
    for source in registry.sources():
        for part in _all_keys(source.model):
            found += _differing(source, part)
    return found


def _differing(source: Source, keys: Sequence[int]) -> Iterator[str]:
    wanted = {
        (each.kind, each.object_id, each.language): digest_of(
            each.scope, each.title, each.body, each.at.isoformat()
        )
        for each in source.documents(keys)
        if each.title.strip() or each.body.strip()
    }
    rows = SearchDoc.objects.filter(Q(kind__in=list(source.kinds)), Q(object_id__in=keys))
    known = {
        (kind, pk, language): digest
        for kind, pk, language, digest in rows.values_list(
            "kind", "object_id", "language", "digest"
        )
    }
    for key in sorted(wanted.keys() | known.keys()):
        if key not in known:
            yield f"{key} is not in the index."
        elif key not in wanted:
            yield f"{key} is in the index and not public."
        elif wanted[key] != known[key]:
            yield f"{key} is another text in the index."
