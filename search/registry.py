"""What can be found, told by the apps above: search knows none of them by name.

An app registers a ``Source`` beside its model from ``AppConfig.ready()``: which rows can be found,
which audited rows change them, and how a hit is shown. The rest follows from the audit trail: every
act that changes an audited row names the row (``core.audit``), and what it names is written to the
index in that same transaction (``search.writing``). An act that forgot to is an act whose trail
does not prove, which ``verify_audit`` says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.db.models.signals import post_delete
from django.utils.functional import Promise

from core.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What everybody may read of one object in one language. ``scope``: the key of a ``Scope``.

    ``called``: words for what it is, by which it is found too; they are never shown.
    """

    kind: str
    object_id: int
    language: str
    scope: str
    at: dt.datetime
    title: str
    body: str = ""
    called: str = ""
    #: Slugs of its own places; None where it has those of its scope.
    districts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What documents have in common (``search.models.SearchScope``)."""

    key: str
    visible: bool
    bureau: str = ""
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    #: What it is filed under (``search.filing.filed``).
    topics: str = ""
    districts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A hit as the page shows it. ``key`` is opaque and for ever.

    ``within`` is the title of what it belongs to.
    """

    key: str
    url: str
    state: str
    owner: str
    within: Text | None = None
    open_label: str | Promise = ""
    closes_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of an object, by which a question can be answered: its number as people quote
    it, its place on the object's page, its text by language."""

    object_id: int
    number: str
    anchor: str
    texts: Mapping[str, str]


#: Keys of several sources by their names, as they are shown now.
ShowAll = Callable[[Mapping[str, Collection[int]], dt.datetime], Mapping[str, Mapping[int, Shown]]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Objects of one model that can be found.

    ``kinds`` are its documents' kinds with what one is called, in the order of the page.
    ``follows`` says which audited rows change which objects: a model, and the look-up on this
    source's model that leads to it ("pk" for the model itself). ``documents`` gives what everybody
    may read of the objects with these keys, nothing for the others, in a constant number of
    queries. ``show`` is asked again for each page: a hit that it leaves out is not shown, whatever
    the index says. ``concerns``: of a followed model, which rows can change anything here, asked
    where an act names the row itself; all of them where it says nothing.
    """

    name: str
    model: type[models.Model]
    kinds: Mapping[str, str | Promise]
    follows: Mapping[type[models.Model], str]
    documents: Callable[[Collection[int]], Iterable[Document]]
    show: Callable[[Collection[int], dt.datetime], Mapping[int, Shown]]
    #: The paragraphs of these objects, which are public, in one query; None where it has none.
    passages: Callable[[Collection[int]], Iterable[Passage]] | None = None
    concerns: Mapping[type[models.Model], Callable[[Any], bool]] = field(default_factory=dict)
    #: As ``show``, for all sources that name the same one at once: keys by the sources' names.
    show_all: ShowAll | None = None


@dataclass(frozen=True, kw_only=True)
class Scopes:
    """Where documents' common facts come from.

    ``read`` gives one scope for each of the keys; ``key`` is the field that holds a scope's key.
    ``follows`` and ``concerns`` are as a source's.
    """

    model: type[models.Model]
    key: str
    follows: Mapping[type[models.Model], str]
    read: Callable[[Collection[int]], Iterable[Scope]]
    concerns: Mapping[type[models.Model], Callable[[Any], bool]] = field(default_factory=dict)


@dataclass
class _Known:
    sources: dict[str, Source] = field(default_factory=dict)
    scopes: dict[str, Scopes] = field(default_factory=dict)
    labels: dict[str, Mapping[str, str | Promise]] = field(default_factory=dict)
    compared: dict[str, Callable[[], Collection[str]]] = field(default_factory=dict)


_known = _Known()


def register(source: Source) -> None:
    """Make a source known; called from ``ready()``. Two of one name raise ``ValueError``."""
    before = _known.sources.get(source.name)
    if before is not None and before.model is not source.model:
        raise ValueError(f"What can be found as '{source.name}' is known already.")
    _known.sources[source.name] = source
    # For this model alone: a listener to all would have every deletion read its rows first.
    post_delete.connect(_deleted, sender=source.model, dispatch_uid=f"search.{source.name}")


def _deleted(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    """An object that is gone is found no more, from the same transaction on."""
    from search.writing import forget

    for source in sources():
        if source.model is sender:
            forget(source.name, int(instance.pk))


def register_scopes(name: str, scopes: Scopes) -> None:
    """Make known where the common facts come from; called from ``ready()``."""
    before = _known.scopes.get(name)
    if before is not None and before.model is not scopes.model:
        raise ValueError(f"The scopes '{name}' are known already.")
    _known.scopes[name] = scopes
    post_delete.connect(_scope_deleted, sender=scopes.model, dispatch_uid=f"search.scopes.{name}")


def source_follows(name: str, model: type[models.Model], lookup: str) -> None:
    """Audited rows of this model change what is found of another app's source; from ``ready()``.

    Raises KeyError for a name nobody registered.
    """
    known = _known.sources[name]
    _known.sources[name] = replace(known, follows={**known.follows, model: lookup})


def scopes_follow(name: str, model: type[models.Model], lookup: str) -> None:
    """Audited rows of this model change scopes too that another app registered; from ``ready()``.

    Raises KeyError for a name nobody registered.
    """
    known = _known.scopes[name]
    _known.scopes[name] = replace(known, follows={**known.follows, model: lookup})


def _scope_deleted(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    """What hung on it is found no more."""
    from search.writing import forget_scope

    for origin in scopes():
        if origin.model is sender:
            forget_scope(getattr(instance, origin.key))


def compare_among(name: str, kinds: Callable[[], Collection[str]]) -> None:
    """Objects of these kinds have others of them beside them as more of the same; from ``ready()``.

    Asked when it is needed: rooms may register their kinds later.
    """
    _known.compared[name] = kinds


def compared() -> Iterator[tuple[str, ...]]:
    """The kinds that are compared, those with each other that stand together."""
    yield from (tuple(kinds()) for kinds in _known.compared.values())


def register_labels(facet: str, labels: Mapping[str, str | Promise]) -> None:
    """What the values of a facet are called, in the order of the page; called from ``ready()``."""
    _known.labels[facet] = labels


def labels(facet: str) -> Mapping[str, str | Promise]:
    """The values of a facet by their slugs; none where no app named them."""
    return _known.labels.get(facet, {})


def sources() -> Iterator[Source]:
    """All of them, in the order of registration."""
    yield from _known.sources.values()


def scopes() -> Iterator[Scopes]:
    """All of them."""
    yield from _known.scopes.values()


def named_scopes() -> Iterator[tuple[str, Scopes]]:
    """All of them with their names."""
    yield from _known.scopes.items()


def source_named(name: str) -> Source | None:
    """None for a name nobody registered."""
    return _known.sources.get(name)


def source_of(kind: str) -> Source | None:
    """The source whose documents are of this kind; None for a kind nobody registered."""
    return next((source for source in sources() if kind in source.kinds), None)


def kinds() -> dict[str, str | Promise]:
    """Every kind with what one is called, in the order of registration."""
    return {kind: title for source in sources() for kind, title in source.kinds.items()}


def shown(objects: Iterable[tuple[str, int]], now: dt.datetime) -> dict[tuple[str, int], Shown]:
    """Objects, by kind and key, as their apps show them now; what nobody may see is left out."""
    asked: dict[str, tuple[Source, list[tuple[str, int]]]] = {}
    for kind, pk in objects:
        source = source_of(kind)
        if source is not None:
            asked.setdefault(source.name, (source, []))[1].append((kind, pk))
    together: dict[ShowAll, dict[str, list[int]]] = {}
    public: dict[str, Mapping[int, Shown]] = {}
    for source, objects_of in asked.values():
        keys = [pk for _kind, pk in objects_of]
        if source.show_all is None:
            public[source.name] = source.show(keys, now)
        else:
            together.setdefault(source.show_all, {})[source.name] = keys
    for show_all, keys_of in together.items():
        public.update(show_all(keys_of, now))
    return {
        key: public[source.name][key[1]]
        for source, objects_of in asked.values()
        for key in objects_of
        if key[1] in public.get(source.name, {})
    }
