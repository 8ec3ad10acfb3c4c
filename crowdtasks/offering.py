"""What can be done now besides polls and surveys: other parts of the room list theirs here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from participation.models import Engagement


class Offer(Protocol):
    """What a card of the list says of one of them. ``left`` is None where anybody may come."""

    @property
    def label(self) -> str: ...

    @property
    def minutes(self) -> int: ...

    @property
    def reward(self) -> int: ...

    @property
    def left(self) -> int | None: ...

    @property
    def full(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Source:
    """One other kind of thing to do.

    ``key`` is the filter's value and ``label`` its words. ``offered`` and ``rewarded`` are
    conditions on engagements, ``minutes`` what it takes besides its questions. ``facts`` are by
    engagement, in a number of queries that does not grow with them.
    """

    key: str
    label: str | Promise
    offered: Q
    rewarded: Q
    minutes: Combinable
    facts: Callable[[list[Engagement], dt.datetime], dict[int, Offer]]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Called from ``AppConfig.ready()``; the same key again replaces it."""
    _sources[source.key] = source


def sources() -> list[Source]:
    """All of them, in the order of registration."""
    return list(_sources.values())
