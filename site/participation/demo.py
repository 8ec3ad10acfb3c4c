"""The rooms' parts of the demonstration: the command loads and removes them with its own papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Scene:
    """What a room needs to play its part.

    ``crowd`` has the accounts and speakers, ``days`` the moments around today, ``on(moment)`` does
    its block at that moment, ``source(slug)`` is what an engagement of the demonstration is known
    by, ``clear(contribution)`` decides as the moderator does, ``voters(slug, number, engagement)``
    makes people who vote there.
    """

    crowd: Any
    days: Any
    on: Callable[[dt.datetime], AbstractContextManager[None]]
    source: Callable[[str], str]
    clear: Callable[[Any], None]
    voters: Callable[[str, int, Any], list[Any]]


@dataclass(frozen=True)
class Part:
    """``slugs`` are the engagements it makes; ``tidy`` takes away what hangs on none of them."""

    slugs: tuple[str, ...]
    load: Callable[[Scene, Callable[[str], None]], None]
    tidy: Callable[[], None]
    #: The books keep time: what begins earlier is told earlier, as far as it can be.
    order: int = 100


@dataclass(frozen=True)
class Books:
    """Rows of a room that are never deleted: what they name stays with them, emptied.

    ``settle(engagement)`` is called before an engagement is taken away, ``leave(person)`` before a
    person who stays becomes a tombstone; both in the transaction of the removal.
    """

    rows: tuple[type[Model], ...]
    settle: Callable[[Any], object]
    leave: Callable[[Any], object]


_parts: dict[str, Part] = {}
_books: dict[str, Books] = {}


def register(name: str, part: Part) -> None:
    """Called from ``AppConfig.ready()``; the same name again replaces it."""
    _parts[name] = part


def keep(name: str, books: Books) -> None:
    """Called from ``AppConfig.ready()`` by a room whose rows outlive the demonstration."""
    _books[name] = books


def books() -> list[Books]:
    """What outlives it."""
    return list(_books.values())


def parts() -> list[Part]:
    """All parts in their order, those of one order as they were registered."""
    return sorted(_parts.values(), key=lambda part: part.order)
