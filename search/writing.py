"""Writing what can be found, in the transaction of what it describes.

``follow`` hears of every audited row (``core.audit.register_follower``) and writes the documents
that it changes; ``rebuild`` writes all that differ. What is as it was is read and not written.

On PostgreSQL two transactions may write one document at once. So whoever writes one first holds the
row it describes, and reads it only then: the second reads what the first has written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import QuerySet

from core import audit, jobs, page_cache
from core.audit import Written
from search import registry
from search.filing import filed
from search.models import SearchDoc, SearchScope
from search.outbox import note, remote
from search.registry import Document, Scope, Scopes, Source
from search.tokens import digest_of, read

logger = logging.getLogger(__name__)

_Rows = Mapping[int, models.Model | None]

#: How many objects are read and written at once.
BATCH = 200
_WRITTEN = [
    field.name
    for field in SearchDoc._meta.concrete_fields
    if field.name not in {"id", "kind", "object_id", "language"}
]


#: What a scope's row says.
_FACTS = ["visible", "bureau", "opens_at", "closes_at", "answered_at", "topics", "districts"]
#: The tag of feeds that are kept (``core.page_cache``).
FEEDS = "search-feeds"
AGAIN, FORGET, FORGET_SCOPE = "search.follow_again", "search.forget_again", "search.forget_scope"


def follow(written: Written) -> None:
    """Rows were written: bring what can be found in line, in their transaction.

    An act never fails because the index does: a moderator must be able to withhold a text while it
    is broken. Its part of the act is undone then, the operators are told, and a job of the same
    transaction does it again. Meanwhile no hit is shown that its app does not show
    (``search.showing``).
    """
    followed = {model: keys for model in written if (keys := _followed(model, written[model]))}
    if not followed:
        return
    # Whatever becomes of the index: a feed that is kept may hold what is public no more.
    page_cache.purge(FEEDS)
    try:
        with transaction.atomic():
            bring_in_line(followed)
    except Exception:
        logger.exception("What can be found is not in line with what was written.")
        for model, keys in followed.items():
            for part in _parts(sorted(keys)):
                jobs.enqueue(AGAIN, model._meta.label, *part)


def follow_again(label: str, *keys: int) -> None:
    """What ``follow`` could not write. Safe to run twice; raises what goes wrong again."""
    with transaction.atomic():
        page_cache.purge(FEEDS)
        bring_in_line({apps.get_model(label): dict.fromkeys(keys)})


def _followed(model: type[models.Model], rows: _Rows) -> _Rows:
    """Those that may change anything that can be found."""
    origins: list[Source | Scopes] = [*registry.scopes(), *registry.sources()]
    found = set[int]().union(*(_concerning(origin, model, rows) for origin in origins))
    return {key: row for key, row in rows.items() if key in found}


def _concerning(origin: Source | Scopes, model: type[models.Model], rows: _Rows) -> set[int]:
    """The keys of those that may change anything of this origin."""
    if model not in origin.follows:
        return set()
    asked = origin.concerns.get(model)
    return {key for key, row in rows.items() if asked is None or row is None or asked(row)}


def bring_in_line(written: Written) -> None:
    """Write the scopes and documents that these rows change, in the open transaction."""
    for scopes in registry.scopes():
        for part in _parts(sorted(_reached(scopes, written))):
            _write_scopes(scopes, part)
    for source in registry.sources():
        for part in _parts(sorted(_reached(source, written))):
            write(source, part)


def _reached(origin: Source | Scopes, written: Written) -> set[int]:
    """The keys of the origin's objects that these rows change."""
    found: set[int] = set()
    for model, rows_of in written.items():
        keys = _concerning(origin, model, rows_of)
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


def _hold(model: type[models.Model], keys: Collection[int], *, wait: bool = True) -> list[int]:
    """Hold these rows, in the order of their keys, until the transaction ends; which are held.

    Without ``wait`` those that somebody else holds are left out. SQLite has one writer at a time.
    """
    if not connection.features.has_select_for_update:
        return list(keys)
    # Without their keys: whoever refers to them need not wait.
    rows = model._base_manager.select_for_update(no_key=True, skip_locked=not wait)
    return list(rows.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


# --- scopes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scopes:
    """How the rows of some scopes differ from what they should be, by their keys."""

    gone: list[str]
    missing: list[Scope]
    changed: list[Scope]


def _compare_scopes(scopes: Scopes, keys: Collection[int]) -> _Scopes:
    wanted = {scope.key: scope for scope in scopes.read(keys)}
    known = {row.key: row for row in SearchScope.objects.filter(key__in=list(wanted))}
    # Documents of a scope that is not there are found by nobody.
    visible = [scope for scope in wanted.values() if scope.visible]
    return _Scopes(
        gone=[key for key in known if not wanted[key].visible],
        missing=[scope for scope in visible if scope.key not in known],
        changed=[
            scope
            for scope in visible
            if scope.key in known
            and any(getattr(scope, name) != getattr(known[scope.key], name) for name in _FACTS)
        ],
    )


def _write_scopes(scopes: Scopes, keys: Collection[int]) -> int:
    _hold(scopes.model, keys)
    found = _compare_scopes(scopes, keys)
    if found.gone:
        SearchScope.objects.filter(key__in=found.gone).delete()
    rows = [
        SearchScope(key=scope.key, **{name: getattr(scope, name) for name in _FACTS})
        for scope in (*found.missing, *found.changed)
    ]
    if rows:
        SearchScope.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=_FACTS
        )
    return len(found.gone) + len(rows)


# --- documents ----------------------------------------------------------------------------------

_Key = tuple[str, int, str]


@dataclass(frozen=True)
class _Documents:
    """How the documents of some objects differ from what they should be."""

    gone: dict[_Key, int]
    missing: dict[_Key, tuple[Document, str]]
    changed: dict[_Key, tuple[Document, str]]

    def objects(self) -> set[int]:
        """The objects with a document that differs."""
        return {key[1] for key in (*self.gone, *self.missing, *self.changed)}


def _compare(source: Source, keys: Collection[int]) -> _Documents:
    """Two queries besides the source's own, none of them a write."""
    wanted: dict[_Key, tuple[Document, str]] = {
        (each.kind, each.object_id, each.language): (each, digest_of(each))
        for each in source.documents(keys)
        if each.title.strip() or each.body.strip()
    }
    known = {
        (kind, object_id, language): (pk, digest)
        for pk, kind, object_id, language, digest in SearchDoc.objects.filter(
            kind__in=list(source.kinds), object_id__in=keys
        ).values_list("pk", "kind", "object_id", "language", "digest")
    }
    return _Documents(
        gone={key: pk for key, (pk, _digest) in known.items() if key not in wanted},
        missing={key: found for key, found in wanted.items() if key not in known},
        changed={
            key: found
            for key, found in wanted.items()
            if key in known and known[key][1] != found[1]
        },
    )


def write(source: Source, keys: Sequence[int], *, wait: bool = True) -> tuple[int, list[int]]:
    """Write the documents of these objects, take away those that are no more.

    Returns how many changed, and the objects that were passed over because somebody else holds
    them (none with ``wait``). Two queries besides the source's own where nothing changed or nothing
    is public, and one that holds the rows.
    """
    held = _hold(source.model, keys, wait=wait)
    # What is gone cannot be held; its documents are to go.
    mine = list(keys) if wait else held
    found = _compare(source, mine)
    gone = list(found.gone.values())
    if gone:
        SearchDoc.objects.filter(pk__in=gone).delete()
    rows = [
        _row(document, digest)
        for _key, (document, digest) in sorted({**found.missing, **found.changed}.items())
    ]
    if rows:
        SearchDoc.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["kind", "object_id", "language"],
            update_fields=_WRITTEN,
        )
    note([*gone, *(row.pk for row in rows)])
    return len(gone) + len(rows), sorted(set(keys) - set(mine))


def _row(document: Document, digest: str) -> SearchDoc:
    found = read(document.title, document.body, document.called)
    return SearchDoc(
        kind=document.kind,
        object_id=document.object_id,
        language=document.language,
        scope=document.scope,
        districts=None if document.districts is None else filed(document.districts),
        at=document.at,
        title=document.title,
        body=document.body,
        title_plain=found.title_plain,
        body_plain=found.body_plain,
        tokens=found.tokens,
        length=found.length,
        digest=digest,
    )


# --- everything ---------------------------------------------------------------------------------


def rebuild() -> dict[str, int]:
    """Bring everything in line with what it describes; how many rows differed, by source.

    What differs is looked for without holding anything, and written in transactions of ``BATCH``
    objects each. None waits for an object while it holds others, so that it never stands in a
    circle with an act; safe to be stopped and begun again. A second run finds nothing to do.
    """
    changed: dict[str, int] = {}
    for name, scopes in registry.named_scopes():
        changed[name] = _sweep_scopes()
        for part in _all_keys(scopes.model):
            changed[name] += _mend_scopes(scopes, part)
    for source in registry.sources():
        changed.setdefault(source.name, 0)
        for part in _all_keys(source.model):
            changed[source.name] += _mend(source, part)
        changed[source.name] += take_away(_orphans(source))
    take_away(SearchDoc.objects.exclude(kind__in=list(registry.kinds())))
    return changed


def _mend_scopes(scopes: Scopes, keys: Sequence[int]) -> int:
    found = _compare_scopes(scopes, keys)
    differ = [*found.gone, *(scope.key for scope in (*found.missing, *found.changed))]
    if not differ:
        return 0
    rows = scopes.model._base_manager.filter(**{f"{scopes.key}__in": differ}).order_by("pk")
    changed = 0
    for key in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            changed += _write_scopes(scopes, [key])
    return changed


def _mend(source: Source, keys: Sequence[int]) -> int:
    differ = sorted(_compare(source, keys).objects())
    if not differ:
        return 0
    with transaction.atomic():
        changed, left = write(source, differ, wait=False)
    for key in left:
        with transaction.atomic():
            changed += write(source, [key])[0]
    return changed


def _all_keys(model: type[models.Model]) -> Iterator[list[int]]:
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    last = 0
    while part := list(keys.filter(pk__gt=last)[:BATCH]):
        yield part
        last = part[-1]


def _orphans(source: Source) -> QuerySet[SearchDoc]:
    """Documents whose object is no more."""
    return SearchDoc.objects.filter(kind__in=list(source.kinds)).exclude(
        object_id__in=source.model._base_manager.values("pk")
    )


def _orphaned_scopes() -> QuerySet[SearchScope]:
    """Scopes of what is no more."""
    rows = SearchScope.objects.all()
    for scopes in registry.scopes():
        rows = rows.exclude(key__in=scopes.model._base_manager.values(scopes.key))
    return rows


def _sweep_scopes() -> int:
    return _orphaned_scopes().delete()[0]


def take_away(rows: QuerySet[SearchDoc]) -> int:
    """Delete documents, and note it, in one transaction; how many."""
    if not remote():
        return rows.delete()[0]
    with transaction.atomic():
        gone = list(rows.values_list("pk", flat=True))
        for part in _parts(gone):
            SearchDoc.objects.filter(pk__in=part).delete()
        note(gone)
    return len(gone)


def forget(name: str, object_id: int) -> None:
    """An object of the source ``name`` was deleted: take its documents away.

    As with acts, no deletion fails because the index does (``follow``).
    """
    _or_again(forget_again, FORGET, name, object_id)


def forget_scope(key: str) -> None:
    """What a scope is of was deleted: what hung on it is found no more."""
    _or_again(forget_scope_again, FORGET_SCOPE, key)


def _or_again(work: Callable[..., None], job: str, *named: int | str) -> None:
    try:
        with transaction.atomic():
            work(*named)
    except Exception:
        page_cache.purge(FEEDS)
        logger.exception("What can be found is not in line with what was deleted.")
        jobs.enqueue(job, *named)


def forget_again(name: str, object_id: int) -> None:
    """What ``forget`` could not do. Safe to run twice; raises what goes wrong again."""
    source = registry.source_named(name)
    if source is not None:
        take_away(SearchDoc.objects.filter(kind__in=list(source.kinds), object_id=object_id))
    page_cache.purge(FEEDS)


def forget_scope_again(key: str) -> None:
    """What ``forget_scope`` could not do. Safe to run twice; raises what goes wrong again."""
    SearchScope.objects.filter(key=key).delete()
    page_cache.purge(FEEDS)


def connect() -> None:
    """Called once from ``ready()``: what the audit trail names is followed."""
    audit.register_follower("search", follow)


def differences() -> list[str]:
    """What ``rebuild`` would change, a line each: nothing, where every act was followed."""
    found = [f"The scope {row.key} is of nothing that is there." for row in _orphaned_scopes()]
    for scopes in registry.scopes():
        for part in _all_keys(scopes.model):
            each = _compare_scopes(scopes, part)
            found += [f"The scope {key} is there and not visible." for key in each.gone]
            found += [f"The scope {scope.key} is not there." for scope in each.missing]
            found += [f"The scope {scope.key} says something else." for scope in each.changed]
    for source in registry.sources():
        for part in _all_keys(source.model):
            found += _lines(_compare(source, part))
        found += [f"{row} is in the index and not there." for row in _orphans(source)]
    return found


def _lines(found: _Documents) -> Iterator[str]:
    yield from (f"{key} is in the index and not public." for key in sorted(found.gone))
    yield from (f"{key} is not in the index." for key in sorted(found.missing))
    yield from (f"{key} is another text in the index." for key in sorted(found.changed))
