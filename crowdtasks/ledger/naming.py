"""What points were and can be spent on: the room that spends them says it, the ledger asks.

A room registers in ``AppConfig.ready()``. Its names come with the statement's own query, so that a
page costs the same whatever stands on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Expression, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    from crowdtasks.ledger.models import Entry

Texts = dict[str, str]


@dataclass(frozen=True)
class Namer:
    """How one room names entries.

    ``title`` gives a column over entries with the text by language, ``id`` one with the id that
    ``path`` makes the holder's own address of; both NULL for entries of other rooms.
    """

    title: Callable[[], Subquery | Expression]
    id: Callable[[], Subquery | Expression]
    path: Callable[[str], str]


_namers: dict[str, Namer] = {}
_ways: dict[str, str | Promise] = {}
_sources: dict[str, str | Promise] = {}


def register(name: str, namer: Namer) -> None:
    """Add a room's names; the same name again replaces it."""
    _namers[name] = namer


def register_way(view: str, words: str | Promise) -> None:
    """Add a way to spend points, as a link on everybody's points: a view's name and its words."""
    _ways[view] = words


def ways() -> list[tuple[str, str | Promise]]:
    """Where points can be spent: address and words, in the order of registration."""
    return [(reverse(view), words) for view, words in _ways.items()]


def register_source(view: str, words: str | Promise) -> None:
    """Add a way to have points that wait for somebody, as a link on everybody's points."""
    _sources[view] = words


def sources() -> list[tuple[str, str | Promise]]:
    """Where points can be had: address and words, in the order of registration."""
    return [(reverse(view), words) for view, words in _sources.items()]


def with_names(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with every room's columns, for ``name_of``."""
    columns: dict[str, Any] = {}
    for name, namer in _namers.items():
        columns |= {f"{name}_title": namer.title(), f"{name}_id": namer.id()}
    return entries.annotate(**columns)


def name_of(entry: Entry) -> tuple[Texts, str]:
    """Title and path of what an entry read ``with_names`` was for; {} and '' for none."""
    for name, namer in _namers.items():
        found = getattr(entry, f"{name}_id")
        if found:
            return getattr(entry, f"{name}_title") or {}, namer.path(found)
    return {}, ""
