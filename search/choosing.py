"""Which documents a reader's filters leave, by the facts known of each, and how many they would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from search.filing import Dates
from search.live import Facts, Narrowing
from search.states import states

FACETS = ("kind", "state", "bureau", "topic", "district", "date", "language")

_Key = tuple[str, int]


class Choice:
    """The filters of one question at one instant."""

    def __init__(self, narrowing: Narrowing, now: dt.datetime) -> None:
        self._now = now
        self._dates = Dates(now)
        chosen = {
            "kind": narrowing.kinds,
            "state": narrowing.states,
            "bureau": narrowing.bureaux,
            "topic": narrowing.topics,
            "district": narrowing.districts,
            "date": narrowing.dates,
            "language": narrowing.languages,
        }
        self._chosen = {name: frozenset(values) for name, values in chosen.items() if values}
        self._of_dates: dict[tuple[dt.datetime | None, ...], set[str]] = {}
        # What a document is told by for each facet, and the values that gives it. Many documents
        # have the same: their values are looked up once.
        self._told_by: Mapping[str, Callable[[Facts], Hashable]] = {
            "kind": attrgetter("kind"),
            "state": attrgetter("opens_at", "closes_at", "answered_at"),
            "bureau": attrgetter("bureau"),
            "topic": attrgetter("topics"),
            "district": attrgetter("districts"),
            "date": lambda facts: self._dates.of(facts.published),
            "language": attrgetter("language"),
        }
        self._values: Mapping[str, Callable[[Any], Iterable[str]]] = {
            "kind": _one,
            "state": self._states,
            "bureau": _one,
            "topic": _same,
            "district": _same,
            "date": _same,
            "language": _one,
        }

    def fits(self, facts: Facts, *, leaving_out: str = "") -> bool:
        """Whether a document is one of those chosen, one facet not asked about."""
        return all(
            name == leaving_out or not chosen.isdisjoint(self._of(facts, name))
            for name, chosen in self._chosen.items()
        )

    def states(self, facts: Facts) -> set[str]:
        """All states of what a document is of. Many are of one scope: each is asked about once."""
        return self._states((facts.opens_at, facts.closes_at, facts.answered_at))

    def counts(self, rows: Sequence[Facts]) -> dict[str, dict[str, int]]:
        """By facet, how many objects each value would give beside the other facets' choice."""
        keys = [facts.key for facts in rows]
        return {name: self._counted(rows, keys, name) for name in FACETS}

    def _counted(self, rows: Sequence[Facts], keys: Sequence[_Key], name: str) -> dict[str, int]:
        told_by = self._told_by[name]
        told: dict[Hashable, set[_Key]] = {}
        if self._chosen.keys() - {name}:
            for facts, key in zip(rows, keys, strict=True):
                if self.fits(facts, leaving_out=name):
                    told.setdefault(told_by(facts), set()).add(key)
        else:
            for mark, key in zip(map(told_by, rows), keys, strict=True):
                told.setdefault(mark, set()).add(key)
        held: dict[str, set[_Key]] = {}
        for mark, found in told.items():
            for value in self._values[name](mark):
                held.setdefault(value, set()).update(found)
        return {value: len(found) for value, found in held.items()}

    def _of(self, facts: Facts, name: str) -> Iterable[str]:
        return self._values[name](self._told_by[name](facts))

    def _states(self, dated: tuple[dt.datetime | None, ...]) -> set[str]:
        if dated not in self._of_dates:
            self._of_dates[dated] = states(_Dated(*dated), self._now)
        return self._of_dates[dated]


class _Dated:
    def __init__(
        self,
        opens_at: dt.datetime | None,
        closes_at: dt.datetime | None,
        answered_at: dt.datetime | None,
    ) -> None:
        self.opens_at, self.closes_at, self.answered_at = opens_at, closes_at, answered_at


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _same(values: tuple[str, ...]) -> tuple[str, ...]:
    return values
