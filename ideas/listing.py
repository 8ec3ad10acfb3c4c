"""Lists of ideas: facets, search box and orders, all in the address."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from ideas.counted import remembered
from ideas.models import Category, Idea, IdeaStatus, IdeaTag, TaggedIdea
from ideas.querysets import IdeaQuerySet
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
    def narrowing(self) -> tuple[Any, ...]:
        """What leaves ideas out; the rest is about their order."""
        return (self.category, self.tag, self.district, self.status, self.text)

    @property
    def narrowed(self) -> bool:
        return any(self.narrowing)

    def narrowing_query(self) -> str:
        """The query string of what leaves ideas out alone; '' where nothing does."""
        found = replace(self, sort="shuffled", seed=0).query()
        return "" if found == "?" else found

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
    #: A page of keys, for going on; ``ideas`` are what it shows.
    page: Page[int]
    ideas: list[Idea]
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


_FIELDS = {"category": "category__key", "district": "district", "status": "status"}


def _narrow(rows: IdeaQuerySet, filters: Filters, *, but: str = "") -> IdeaQuerySet:
    """Rows of any of the values of each facet; a facet left out (``but``) does not narrow."""
    for name, field in _FIELDS.items():
        values = getattr(filters, name)
        if values and name != but:
            rows = rows.filter(**{f"{field}__in": values})
    if filters.tag and but != "tag":
        tagged = TaggedIdea.objects.filter(tag__slug__in=filters.tag).values("content_object")
        rows = rows.filter(pk__in=tagged)
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


def ordered(rows: IdeaQuerySet, filters: Filters) -> IdeaQuerySet:
    """The rows in the order the reader chose."""
    if filters.sort == "newest":
        return rows.newest()
    if filters.sort == "discussed":
        return rows.most_discussed()
    if filters.sort == OF_TOTALS:
        return rows.most_supported()
    if filters.sort == "source":
        return rows.most_supported_at_source()
    return rows.shuffled(filters.seed or 1)


def public_ideas(engagement: Engagement) -> IdeaQuerySet:
    """What everybody may read on a contest."""
    return Idea.objects.public().filter(engagement=engagement)


def narrowed_ideas(engagement: Engagement, filters: Filters) -> IdeaQuerySet:
    """What the filters leave of a contest's public ideas, in no order."""
    return _narrow(public_ideas(engagement).found(filters.text), filters)


class _Read(Sequence[int]):
    """Keys that an index gives in their order: only the slice that is asked for is read."""

    def __init__(self, rows: IdeaQuerySet, size: int) -> None:
        self._keys, self._size = rows.values_list("pk", flat=True), size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: Any) -> Any:
        return self._keys[place]


def keys_in_order(engagement: Engagement, filters: Filters, size: int) -> Sequence[int]:
    """The keys of what the filters leave of a contest's ``size`` ideas, in the chosen order."""
    public = public_ideas(engagement)
    if filters.sort == "newest" and not filters.narrowed:
        return _Read(public.newest(), size)
    rows = ordered(narrowed_ideas(engagement, filters), filters)
    return remembered(
        engagement,
        size,
        ("order", filters.sort, filters.seed or 1, *filters.narrowing),
        lambda: array("q", rows.values_list("pk", flat=True)),
    )


def shown_ideas(keys: Iterable[int], *, told: bool) -> list[Idea]:
    """What cards show of these ideas, in their order, less what is not public any more; with
    totals where they are ``told``. As many queries for twenty as for one."""
    wanted = list(keys)
    cards = Idea.objects.public().with_card().with_comments()
    rows = (cards.select_related("total") if told else cards).in_bulk(wanted)
    return [rows[key] for key in wanted if key in rows]


def look_up(engagement: Engagement, filters: Filters, *, told: bool = False) -> Listing:
    """Run the filters on a contest, with totals where they are ``told``.

    The number of queries does not depend on how many ideas.
    """
    size = public_ideas(engagement).count()
    paginator = Paginator(keys_in_order(engagement, filters, size), PAGE_SIZE)
    page = paginator.get_page(filters.page)
    return Listing(
        filters=filters,
        page=page,
        ideas=shown_ideas(page.object_list, told=told),
        groups=groups_of(engagement, filters, size=size),
        total=paginator.count,
    )


def groups_of(
    engagement: Engagement, filters: Filters, *, size: int | None = None
) -> list[dict[str, Any]]:
    """The facets of a contest's ideas (``size`` of them, where that is known), each with its
    values."""
    size = public_ideas(engagement).count() if size is None else size
    figures = remembered(
        engagement, size, ("figures", *filters.narrowing), lambda: _figures(engagement, filters)
    )
    return [
        {
            "name": "category",
            "legend": _("Category"),
            "options": _categories(engagement, figures.categories, filters),
        },
        {"name": "tag", "legend": _("Tag"), "options": _tags(figures.tags, filters)},
        {
            "name": "district",
            "legend": _("District"),
            "options": _districts(figures.districts, filters),
        },
        {
            "name": "status",
            "legend": _("Status"),
            "options": _statuses(figures.statuses, filters),
        },
    ]


@dataclass(frozen=True)
class _Figures:
    """How many ideas each value of each facet would give."""

    categories: dict[str, int]
    #: Slug, name and number of the most used tags, and of those chosen.
    tags: list[tuple[str, str, int]]
    districts: dict[str, int]
    statuses: dict[str, int]


def _figures(engagement: Engagement, filters: Filters) -> _Figures:
    rows = public_ideas(engagement).found(filters.text)
    return _Figures(
        categories=_counts(rows, filters, "category"),
        tags=_tag_counts(rows, filters),
        districts=_counts(rows, filters, "district"),
        statuses=_counts(rows, filters, "status"),
    )


def _counts(rows: IdeaQuerySet, filters: Filters, name: str) -> dict[str, int]:
    found = _narrow(rows, filters, but=name).order_by().values_list(_FIELDS[name])
    return dict(found.annotate(number=Count("pk")))


def _tag_counts(rows: IdeaQuerySet, filters: Filters) -> list[tuple[str, str, int]]:
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
    return used


def _categories(engagement: Engagement, counts: dict[str, int], filters: Filters) -> list[Option]:
    known = Category.objects.filter(contest=engagement.pk)
    return [
        Option(row.key, pick(row.name).text, counts.get(row.key, 0), row.key in filters.category)
        for row in known
        if counts.get(row.key) or row.retired_at is None
    ]


def _tags(counts: list[tuple[str, str, int]], filters: Filters) -> list[Option]:
    return [Option(slug, name, number, slug in filters.tag) for slug, name, number in counts]


def _districts(counts: dict[str, int], filters: Filters) -> list[Option]:
    return [
        Option(key, name, counts.get(key, 0), key in filters.district)
        for key, name in DISTRICTS
        if counts.get(key) or key in filters.district
    ]


def _statuses(counts: dict[str, int], filters: Filters) -> list[Option]:
    return [
        Option(status.value, status.label, counts.get(status.value, 0), status in filters.status)
        for status in IdeaStatus
        if counts.get(status.value) or status in filters.status
    ]
