"""Which documents a reader's filters leave, by the facts known of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from search.filing import dates
from search.live import Facts, Narrowing
from search.states import states

FACETS = ("kind", "state", "bureau", "topic", "district", "date", "language")


class Choice:
    """The filters of one question at one instant."""

    def __init__(self, narrowing: Narrowing, now: dt.datetime) -> None:
        self._now = now
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

    def fits(self, facts: Facts, *, leaving_out: str = "") -> bool:
        """Whether a document is one of those chosen, one facet not asked about."""
        return all(
            name == leaving_out or not chosen.isdisjoint(self.values(facts, name))
            for name, chosen in self._chosen.items()
        )

    def values(self, facts: Facts, name: str) -> Iterable[str]:
        """The values that a document has of a facet."""
        if name == "state":
            return self.states(facts)
        if name == "topic":
            return facts.topics
        if name == "district":
            return facts.districts
        if name == "date":
            return dates(facts.published, self._now)
        value: str = getattr(facts, name)
        return (value,) if value else ()

    def states(self, facts: Facts) -> set[str]:
        """Many documents are of one scope: each is asked about once."""
        key = (facts.opens_at, facts.closes_at, facts.answered_at)
        if key not in self._of_dates:
            self._of_dates[key] = states(facts, self._now)
        return self._of_dates[key]
