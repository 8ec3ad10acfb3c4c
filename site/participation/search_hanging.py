"""Hits that hang on engagements, asked about all at once (``search.registry.Source.show``).

A page of hits of many kinds asks two questions, however many kinds there are: which of these rows
are public and what their addresses are made of, of all sources together; and their engagements. A
page of one kind asks one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from participation.models import Engagement
from search.registry import Shown

#: What a row says beside its key and its engagement.
WORDS = 3
_TEXT = CharField(max_length=250)


@dataclass(frozen=True, slots=True)
class Hit:
    """A public row. ``words`` are its source's own, '' where it has fewer."""

    pk: int
    engagement: Engagement
    words: tuple[str, ...]


@dataclass(frozen=True)
class Hanging:
    """Which rows with these keys are public, whatever their engagement is, and how one is shown;
    None where it has no page. ``words`` are look-ups of texts."""

    public: Callable[[Collection[int]], QuerySet[Any]]
    show: Callable[[Hit, dt.datetime], Shown | None]
    words: tuple[str, ...] = ()
    engagement: str = "engagement"

    def rows(self, name: str, keys: Collection[int]) -> QuerySet[Any, Any]:
        """The same columns for each source."""
        columns = (Value(name, output_field=_TEXT), "pk", self.engagement)
        return self.public(keys).order_by().values_list(*columns, *self._texts())

    def hits(self, keys: Collection[int]) -> Iterator[Hit]:
        """The rows of this source alone, with their engagements in the same query."""
        to = self.engagement
        rows = self.public(keys).filter(**{f"{to}__state": "published"})
        names = [f"hit_{at}" for at in range(WORDS)]
        rows = rows.annotate(**dict(zip(names, self._texts(), strict=True)))
        for row in rows.select_related(f"{to}__owner", f"{to}__outcome"):
            engagement = row
            for step in to.split("__"):
                engagement = getattr(engagement, step)
            yield Hit(row.pk, engagement, tuple(getattr(row, name) for name in names))

    def _texts(self) -> list[Any]:
        words: list[Any] = [Coalesce(Cast(F(each), _TEXT), Value("")) for each in self.words]
        return words + [Value("", output_field=_TEXT)] * (WORDS - len(words))


_known: dict[str, Hanging] = {}


def hang(name: str, hanging: Hanging) -> Callable[..., dict[int, Shown]]:
    """Make a source's rows known; gives what its ``Source.show`` is."""
    _known[name] = hanging

    def show(keys: Collection[int], now: dt.datetime) -> dict[int, Shown]:
        return show_all({name: keys}, now).get(name, {})

    return show


def show_all(asked: Mapping[str, Collection[int]], now: dt.datetime) -> dict[str, dict[int, Shown]]:
    """Rows of several sources, by their names and keys, as they are shown now.

    Two queries; one where all rows are of one source.
    """
    found: dict[str, dict[int, Shown]] = {}
    for name, hit in _hits({name: keys for name, keys in asked.items() if keys}):
        shown = _known[name].show(hit, now)
        if shown is not None:
            found.setdefault(name, {})[hit.pk] = shown
    return found


def _hits(asked: Mapping[str, Collection[int]]) -> Iterator[tuple[str, Hit]]:
    if len(asked) == 1:
        ((name, keys),) = asked.items()
        yield from ((name, hit) for hit in _known[name].hits(keys))
    if len(asked) < 2:
        return
    first, *others = (_known[name].rows(name, keys) for name, keys in asked.items())
    # Of tables that share no row.
    rows = list(first.union(*others, all=True))
    public = Engagement.objects.public().filter(pk__in={row[2] for row in rows})
    engagements = {row.pk: row for row in public.select_related("owner", "outcome")}
    for name, pk, engagement, *words in rows:
        if engagement in engagements:
            yield name, Hit(pk, engagements[engagement], tuple(words))
