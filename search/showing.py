"""A page of hits as it is shown: cards, facets, what was chosen.

Each hit is asked about once more where it lives (``Source.show``): what the index says and its app
does not is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau
from core.navigation import LANGUAGE_LABELS
from search import filing, registry
from search.asking import FACETS, Found
from search.filters import Filters
from search.highlight import Piece, marked, snippet, wanted
from search.live import Facts
from search.models import SearchDoc
from search.registry import Shown
from search.states import LABELS

PAGE_SIZE = 20


@dataclass(frozen=True)
class Card:
    """One hit. ``of`` is what it is a document of: its kind and its number within."""

    of: tuple[str, int]
    shown: Shown
    key: str
    kind: str | Promise
    language: str
    title: list[Piece]
    snippet: list[Piece]
    at: dt.datetime


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many it would give ("1,200+" where not all were counted)."""

    value: str
    text: str | Promise
    count: str
    checked: bool


#: What values of a facet are called, where no row says it.
_WORDS: dict[str, Callable[[], Mapping[str, str | Promise]]] = {
    "kind": registry.kinds,
    "state": lambda: LABELS,
    "topic": lambda: registry.labels("topic"),
    "district": lambda: registry.labels("district"),
    "date": lambda: filing.LABELS,
    "language": lambda: LANGUAGE_LABELS,
}
LEGENDS: dict[str, str | Promise] = {
    "kind": _("Kind"),
    "state": _("State"),
    "bureau": _("Bureau"),
    "topic": _("Topic"),
    "district": _("District"),
    "date": _("Date of publication"),
    "language": _("Language"),
}


@dataclass(frozen=True)
class Results:
    """What the page shows."""

    page: Page[Facts]
    cards: list[Card]
    groups: list[dict[str, Any]]
    chosen: list[dict[str, str]]
    total: int


def results(found: Found, filters: Filters, now: dt.datetime) -> Results:
    """At most seven queries however many hits there are: texts, one a source, bureaux."""
    paginator = Paginator(found.hits, PAGE_SIZE)
    page = paginator.get_page(filters.page)
    options = _options(found, filters)
    return Results(
        page=page,
        cards=cards(list(page.object_list), found, now),
        groups=[
            {"name": name, "legend": LEGENDS[name], "options": options[name]}
            for name in FACETS
            if options[name]
        ],
        chosen=_chosen(filters, options),
        total=paginator.count,
    )


def cards(hits: Sequence[Facts], found: Found, now: dt.datetime) -> list[Card]:
    """Hits with their texts marked, in their order; those that nobody may see left out."""
    texts = {
        pk: (title, body, at)
        for pk, title, body, at in SearchDoc.objects.filter(
            pk__in=[hit.number for hit in hits]
        ).values_list("pk", "title", "body", "at")
    }
    public = registry.shown([hit.key for hit in hits], now)
    looked_for = wanted(found.query, whole=found.whole)
    kinds = registry.kinds()
    made = []
    for hit in hits:
        shown = public.get(hit.key)
        if shown is None or hit.number not in texts:
            continue
        title, body, at = texts[hit.number]
        of_body = snippet(body, looked_for)
        # What has no title is led to by what in it was found.
        heading, summary = (marked(title, looked_for), of_body) if title else (of_body, [])
        kind = kinds[hit.kind]
        made.append(Card(hit.key, shown, hit.kind, kind, hit.language, heading, summary, at))
    return made


def _options(found: Found, filters: Filters) -> dict[str, list[Option]]:
    texts: dict[str, Mapping[str, str | Promise]] = {
        **{name: words() for name, words in _WORDS.items()},
        "bureau": names_of({*found.facets["bureau"], *filters.bureau}),
    }
    made: dict[str, list[Option]] = {}
    for name in FACETS:
        counts, known = found.facets[name], texts[name]
        others = sorted(counts.keys() - known.keys())
        chosen = getattr(filters, name)
        made[name] = [
            Option(
                value,
                known.get(value, value),
                f"{counts.get(value, 0):,}{'+' if found.more else ''}",
                value in chosen,
            )
            for value in (*known, *others)
            if value in counts or value in chosen
        ]
    return made


def chosen_words(filters: Filters, bureaux: Mapping[str, str] | None = None) -> list[str]:
    """The filters in use, in the reader's words, in the order of the page.

    ``bureaux``: their names, where they are known already.
    """
    found: list[str] = []
    for name in FACETS:
        values = getattr(filters, name)
        if values:
            of_bureaux = names_of(values) if name == "bureau" and bureaux is None else bureaux
            known = (of_bureaux or {}) if name == "bureau" else _WORDS[name]()
            found += [str(known.get(value, value)) for value in values]
    return found


def names_of(slugs: Iterable[str]) -> dict[str, str]:
    """The names of bureaux by their slugs, in one query."""
    rows = Bureau.objects.filter(slug__in=list(slugs))
    return {row.slug: str(row) for row in rows}


def _chosen(filters: Filters, options: Mapping[str, Iterable[Option]]) -> list[dict[str, str]]:
    """Each filter in use with the query string without it."""
    return [
        {
            "text": str(option.text),
            "href": filters.query(
                **{name: tuple(one for one in getattr(filters, name) if one != option.value)}
            ),
        }
        for name in FACETS
        for option in options[name]
        if option.checked
    ]
