"""Lists of ideas: facets, search box and orders, all in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from ideas.models import Category, Idea, IdeaStatus, IdeaTag
from participation.facets import DISTRICTS
from participation.models import Engagement

PAGE_SIZE = 20
QUERY_LIMIT = 100
TAGS_SHOWN = 20
#: Few enough that kept pages are met again, many enough that no idea is always first.
SEEDS = 97
SORTS: dict[str, str | Promise] = {
    "shuffled": _("Shuffled"),
    "newest": _("Newest"),
    "discussed": _("Most discussed"),
    "supported": _("Most supported"),
    "source": _("Most supported at the source"),
}
#: Order of contests whose vote has totals that everybody may see now.
OF_TOTALS = "supported"
#: Orders of contests whose ideas were imported, which say whose data that is.
OF_IMPORTS = frozenset({"source"})
_KEY = re.compile(r"[a-z0-9-]{1,20}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_DISTRICTS = dict(DISTRICTS)


@dataclass(frozen=True)
class Filters:
    """What the reader chose; unknown values are dropped, never an error."""

    category: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    text: str = ""
    sort: str = "shuffled"
    seed: int = 0
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.category or self.tag or self.district or self.status or self.text)

    def query(self, **changes: Any) -> str:
        """The query string of these filters with changes; the page starts again."""
        chosen = replace(self, **{"page": 1, **changes})
        parameters: list[tuple[str, Any]] = [("q", chosen.text)] if chosen.text else []
        for name in ("category", "tag", "district", "status"):
            parameters += [(name, value) for value in getattr(chosen, name)]
        if chosen.sort != "shuffled":
            parameters.append(("sort", chosen.sort))
        elif chosen.seed:
            parameters.append(("seed", chosen.seed))
        if chosen.page > 1:
            parameters.append(("page", chosen.page))
        return f"?{urlencode(parameters)}"


def read_filters(parameters: QueryDict) -> Filters:
    """Filters from a query string. Whatever is not one of ours is as if it were not there."""
    text = "".join(one for one in parameters.get("q", "") if one.isprintable()).strip()
    sort = parameters.get("sort", "shuffled")
    seed, page = parameters.get("seed", ""), parameters.get("page", "")
    return Filters(
        category=_keys(parameters.getlist("category")),
        tag=tuple(dict.fromkeys(one[:100] for one in parameters.getlist("tag")[:20] if one)),
        district=tuple(one for one in _DISTRICTS if one in parameters.getlist("district")),
        status=tuple(one for one in IdeaStatus.values if one in parameters.getlist("status")),
        text=text[:QUERY_LIMIT],
        sort=sort if sort in SORTS else "shuffled",
        seed=int(seed) % SEEDS or SEEDS if _NUMBER.fullmatch(seed) else 0,
        page=int(page) if _NUMBER.fullmatch(page) else 1,
    )


def _keys(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in values[:20] if _KEY.fullmatch(one)))


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many it would give."""

    value: str
    text: str | Promise
    count: int
    checked: bool


@dataclass(frozen=True)
class Listing:
    """What the list shows for some filters."""

    filters: Filters
    page: Page[Idea]
    groups: list[dict[str, Any]]
    total: int

    @property
    def chosen(self) -> list[dict[str, str]]:
        """Each active filter with the query string without it."""
        filters = self.filters
        tags = [(filters.text, filters.query(text=""))] if filters.text else []
        for group in self.groups:
            name = group["name"]
            for option in group["options"]:
                if option.checked:
                    rest = tuple(one for one in getattr(filters, name) if one != option.value)
                    tags.append((str(option.text), filters.query(**{name: rest})))
        return [{"text": text, "href": query} for text, query in tags]


_FIELDS = {
    "category": "category__key",
    "tag": "tags__slug",
    "district": "district",
    "status": "status",
}


def _narrow(rows: Any, filters: Filters, *, but: str = "") -> Any:
    """Rows of any of the values of each facet; a facet left out (``but``) does not narrow."""
    for name, field in _FIELDS.items():
        values = getattr(filters, name)
        if values and name != but:
            rows = rows.filter(pk__in=Idea.objects.filter(**{f"{field}__in": values}).values("pk"))
    return rows


def sorts_of(engagement: Engagement, *, told: bool) -> dict[str, str | Promise]:
    """The orders that mean something on this contest; ``told``: everybody may see its totals."""
    return {
        key: text
        for key, text in SORTS.items()
        if (engagement.attribution or key not in OF_IMPORTS) and (told or key != OF_TOTALS)
    }


def open_to(filters: Filters, *, told: bool) -> Filters:
    """The filters without an order that would tell sealed totals: as if it had not been asked."""
    return filters if told or filters.sort != OF_TOTALS else replace(filters, sort="shuffled")


def ordered(rows: Any, filters: Filters) -> Any:
    """The rows in the order the reader chose."""
    if filters.sort == "newest":
        return rows.with_comments().newest()
    if filters.sort == "discussed":
        return rows.most_discussed()
    if filters.sort == OF_TOTALS:
        return rows.with_comments().most_supported()
    if filters.sort == "source":
        return rows.with_comments().most_supported_at_source()
    return rows.with_comments().shuffled(filters.seed or 1)


def look_up(engagement: Engagement, filters: Filters, *, told: bool = False) -> Listing:
    """Run the filters on a contest, with totals where they are ``told``.

    The number of queries does not depend on how many ideas.
    """
    everything = Idea.objects.public().filter(engagement=engagement).found(filters.text)
    rows = _narrow(everything, filters)
    cards = rows.with_card().select_related("total") if told else rows.with_card()
    paginator = Paginator(ordered(cards, filters), PAGE_SIZE)
    return Listing(
        filters=filters,
        page=paginator.get_page(filters.page),
        groups=[
            {
                "name": "category",
                "legend": _("Category"),
                "options": _categories(engagement, everything, filters),
            },
            {"name": "tag", "legend": _("Tag"), "options": _tags(everything, filters)},
            {
                "name": "district",
                "legend": _("District"),
                "options": _districts(everything, filters),
            },
            {"name": "status", "legend": _("Status"), "options": _statuses(everything, filters)},
        ],
        total=paginator.count,
    )


def _counts(rows: Any, filters: Filters, name: str) -> dict[str, int]:
    found = _narrow(rows, filters, but=name).order_by().values_list(_FIELDS[name])
    return dict(found.annotate(number=Count("pk")))


def _categories(engagement: Engagement, rows: Any, filters: Filters) -> list[Option]:
    counts = _counts(rows, filters, "category")
    known = Category.objects.filter(contest=engagement.pk)
    return [
        Option(row.key, pick(row.name).text, counts.get(row.key, 0), row.key in filters.category)
        for row in known
        if counts.get(row.key) or row.retired_at is None
    ]


def _tags(rows: Any, filters: Filters) -> list[Option]:
    """The most used tags, and those chosen."""
    ideas = _narrow(rows, filters, but="tag").order_by().values("pk")
    used = list(
        IdeaTag.objects.filter(tagged__content_object__in=ideas)
        .annotate(number=Count("tagged"))
        .order_by("-number", "name")
        .values_list("slug", "name", "number")[:TAGS_SHOWN]
    )
    missing = set(filters.tag) - {slug for slug, _name, _number in used}
    if missing:
        used += [
            (slug, name, 0)
            for slug, name in IdeaTag.objects.filter(slug__in=missing).values_list("slug", "name")
        ]
    return [Option(slug, name, number, slug in filters.tag) for slug, name, number in used]


def _districts(rows: Any, filters: Filters) -> list[Option]:
    counts = _counts(rows, filters, "district")
    return [
        Option(key, name, counts.get(key, 0), key in filters.district)
        for key, name in DISTRICTS
        if counts.get(key) or key in filters.district
    ]


def _statuses(rows: Any, filters: Filters) -> list[Option]:
    counts = _counts(rows, filters, "status")
    return [
        Option(status.value, status.label, counts.get(status.value, 0), status in filters.status)
        for status in IdeaStatus
        if counts.get(status.value) or status in filters.status
    ]
