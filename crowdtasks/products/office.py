"""Further pages of other rooms for officers of a round, as the desk lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.utils.functional import Promise

from participation.models import Engagement

Link = tuple[str | Promise, str]
_links: dict[str, Callable[[Engagement], Iterable[Link]]] = {}


def register(name: str, links: Callable[[Engagement], Iterable[Link]]) -> None:
    """Add a room's links, each (words, address); called from ``AppConfig.ready()``."""
    _links[name] = links


def links_of(engagement: Engagement) -> Iterator[Link]:
    """The links of all rooms, by the rooms' names."""
    for name in sorted(_links):
        yield from _links[name](engagement)
