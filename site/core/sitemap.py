"""Which pages rooms have for search engines; the site map lists them beside its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

#: A public page's path by language.
Paths = Mapping[str, str]
_rooms: dict[str, Callable[[], Iterable[Paths]]] = {}


def register(room: str, paths: Callable[[], Iterable[Paths]]) -> None:
    """Say which pages a room has, the most wanted first; called once, from ``ready()``."""
    if _rooms.get(room, paths) is not paths:
        raise ValueError(f"The pages of {room} are known already.")
    _rooms[room] = paths


def of_rooms() -> Iterator[Paths]:
    """All of them, room by room."""
    for paths in _rooms.values():
        yield from paths()
