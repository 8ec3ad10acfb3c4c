"""What a reader chose on the page, as it stands in the address.

Whatever is not one of ours is as if it were not there; nothing in an address is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from search import registry
from search.analysis import QUERY_LENGTH
from search.asking import FACETS, SORTS
from search.filing import LABELS
from search.live import Narrowing
from search.states import NARROWING

_SLUG = re.compile(r"[a-z0-9-]{1,30}")
#: As imports name them: es, zh-hant, es-419.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_PAGE = re.compile(r"[1-9][0-9]{0,4}")
#: Values of one facet that are read.
MOST = 50


@dataclass(frozen=True)
class Filters:
    """Several values of one facet mean any of them; the facets narrow each other."""

    text: str = ""
    kind: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    bureau: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    sort: str = SORTS[0]
    page: int = 1

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(
            kinds=self.kind,
            states=self.state,
            bureaux=self.bureau,
            languages=self.language,
            topics=self.topic,
            districts=self.district,
            dates=self.date,
        )

    def query(self, **changes: Any) -> str:
        """The query string of these filters with changes; the page starts again."""
        chosen = replace(self, **{"page": 1, **changes})
        parameters: list[tuple[str, Any]] = [("q", chosen.text)] if chosen.text else []
        for name in FACETS:
            parameters += [(name, value) for value in getattr(chosen, name)]
        if chosen.sort != SORTS[0]:
            parameters.append(("sort", chosen.sort))
        if chosen.page > 1:
            parameters.append(("page", chosen.page))
        return f"?{urlencode(parameters)}"


def read_filters(parameters: QueryDict) -> Filters:
    """Filters from a query string."""
    text = "".join(
        one if one.isprintable() else " " for one in parameters.get("q", "")[:QUERY_LENGTH]
    )
    sort, page = parameters.get("sort", ""), parameters.get("page", "")
    kinds, states = parameters.getlist("kind"), parameters.getlist("state")
    return Filters(
        text=" ".join(text.split()),
        kind=tuple(kind for kind in registry.kinds() if kind in kinds),
        state=tuple(state for state in NARROWING if state in states),
        bureau=_fitting(parameters.getlist("bureau"), _SLUG),
        language=_fitting(parameters.getlist("language"), _LANGUAGE),
        topic=_fitting(parameters.getlist("topic"), _SLUG),
        district=_fitting(parameters.getlist("district"), _SLUG),
        date=tuple(value for value in LABELS if value in parameters.getlist("date")),
        sort=sort if sort in SORTS else SORTS[0],
        page=int(page) if _PAGE.fullmatch(page) else 1,
    )


def _fitting(values: list[str], pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in values[:MOST] if pattern.fullmatch(one)))
