"""The register of consultations: what the index lists, filters and finds."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau
from core.text import fold
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from participation.querysets import EngagementQuerySet

PAGE_SIZE = 20
QUERY_LIMIT = 100
#: Words a query is cut into at most; more would only slow the database down.
TERMS_LIMIT = 8
_SLUG = re.compile(r"[a-z0-9-]{1,30}")
_PAGE = re.compile(r"[1-9][0-9]{0,4}")


class StateFilter(Enum):
    """The state facet (ux P23), in the order it is shown."""

    OPEN = "open"
    CLOSING = "closing"
    UPCOMING = "upcoming"
    CLOSED = "closed"
    OWED = "owed"
    OUTCOME = "outcome"

    @property
    def label(self) -> str | Promise:
        return _STATE_LABELS[self]

    def narrow(self, rows: Any, now: dt.datetime) -> Any:
        """The rows of this state at an instant."""
        if self is StateFilter.OPEN:
            return rows.open_now(now)
        if self is StateFilter.CLOSING:
            return rows.closing_soon(now)
        if self is StateFilter.UPCOMING:
            return rows.upcoming(now)
        if self is StateFilter.CLOSED:
            return rows.closed(now)
        if self is StateFilter.OWED:
            return rows.answer_owed(now)
        return rows.with_outcome()


_STATE_LABELS = {
    StateFilter.OPEN: _("Open"),
    StateFilter.CLOSING: _("Closing within 7 days"),
    StateFilter.UPCOMING: _("Opening later"),
    StateFilter.CLOSED: _("Closed"),
    StateFilter.OWED: _("Answer owed"),
    StateFilter.OUTCOME: _("Outcome published"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader chose; unknown values are dropped, never an error (S2, S3).

    Several values of one facet mean any of them; the facets narrow each other.
    """

    states: tuple[StateFilter, ...] = ()
    bureaux: tuple[str, ...] = ()
    text: str = ""
    page: int = 1

    @property
    def active(self) -> bool:
        return bool(self.states or self.bureaux or self.text)

    def query(self, **changes: Any) -> str:
        """The query string of these filters with changes, '' for none; ``page`` starts again."""
        chosen = replace(self, **{"page": 1, **changes})
        parameters = [("q", chosen.text)] if chosen.text else []
        parameters += [("state", state.value) for state in chosen.states]
        parameters += [("bureau", slug) for slug in chosen.bureaux]
        if chosen.page > 1:
            parameters.append(("page", str(chosen.page)))
        return f"?{urlencode(parameters)}" if parameters else ""


def read_filters(parameters: QueryDict) -> Filters:
    """Filters from a query string. Whatever is not one of ours is as if it were not there."""
    page = parameters.get("page", "1")
    text = "".join(
        character for character in parameters.get("q", "") if character.isprintable()
    ).strip()
    wanted = set(parameters.getlist("state"))
    slugs = [slug for slug in parameters.getlist("bureau")[:50] if _SLUG.fullmatch(slug)]
    return Filters(
        states=tuple(state for state in StateFilter if state.value in wanted),
        bureaux=tuple(dict.fromkeys(slugs)),
        text=text[:QUERY_LIMIT],
        # Up to five ASCII digits: int() alone would also take signs and underscores.
        page=int(page) if _PAGE.fullmatch(page) else 1,
    )


def consultations(kind: str = DEFAULT_KIND) -> EngagementQuerySet:
    """Public consultations with what a card shows."""
    return Engagement.objects.public().filter(kind=kind).select_related("owner", "outcome")


def search(rows: QuerySet[Engagement], text: str) -> QuerySet[Engagement]:
    """Rows whose titles or papers hold every word, in any script; title hits first."""
    terms = [term for term in fold(text).split() if term][:TERMS_LIMIT]
    if not terms:
        return rows
    in_title, anywhere = Q(), Q()
    for term in terms:
        in_title &= Q(search_text__title__contains=term)
        anywhere &= Q(search_text__title__contains=term) | Q(search_text__body__contains=term)
    return rows.filter(anywhere).annotate(
        rank=Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    )


def ordered(rows: QuerySet[Engagement], now: dt.datetime) -> QuerySet[Engagement]:
    """Open first, soonest close first; then upcoming by opening; then past, latest close first."""
    rows = rows.annotate(
        group=Case(
            When(opens_at__lte=now, closes_at__gt=now, then=Value(0)),
            When(opens_at__gt=now, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        ahead=Case(When(closes_at__gt=now, then=F("closes_at")), default=None),
    )
    by_rank = ["rank"] if "rank" in rows.query.annotations else []
    return rows.order_by(
        *by_rank, "group", F("ahead").asc(nulls_last=True), "-closes_at", "public_id"
    )


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many it would give."""

    value: str
    text: str | Promise
    count: int
    checked: bool


@dataclass(frozen=True)
class Register:
    """What the index shows for some filters at an instant."""

    filters: Filters
    page: Page[Engagement]
    states: list[Option]
    bureaux: list[Option]
    total: int

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The facets as the filter component wants them."""
        return [
            {"name": "state", "legend": _("State"), "options": self.states},
            {"name": "bureau", "legend": _("Bureau"), "options": self.bureaux},
        ]

    @property
    def chosen(self) -> list[dict[str, str]]:
        """Each active filter with the query string without it; '?' where none is left."""
        filters, tags = self.filters, []
        if filters.text:
            tags.append((filters.text, filters.query(text="")))
        for state in filters.states:
            rest = tuple(other for other in filters.states if other is not state)
            tags.append((str(state.label), filters.query(states=rest)))
        for option in self.bureaux:
            if option.checked:
                others = tuple(slug for slug in filters.bureaux if slug != option.value)
                tags.append((str(option.text), filters.query(bureaux=others)))
        return [{"text": text, "href": query or "?"} for text, query in tags]


def look_up(filters: Filters, now: dt.datetime) -> Register:
    """Run the filters. The number of queries does not depend on how many rows there are."""
    everything = search(consultations(), filters.text)
    of_bureau = _of_bureaux(everything, filters)
    rows = _of_states(of_bureau, filters.states, now)
    paginator = Paginator(ordered(rows, now), PAGE_SIZE)
    return Register(
        filters=filters,
        page=paginator.get_page(filters.page),
        states=_states(of_bureau, filters, now),
        bureaux=_bureaux(_of_states(everything, filters.states, now), filters),
        total=paginator.count,
    )


def narrowed(filters: Filters, now: dt.datetime) -> Any:
    """The consultations that these filters leave, in no order: for feeds."""
    found = search(consultations(), filters.text)
    return _of_states(_of_bureaux(found, filters), filters.states, now)


def _of_bureaux(rows: Any, filters: Filters) -> Any:
    """Rows of any of the bureaux; all rows for none."""
    return rows.filter(owner__slug__in=filters.bureaux) if filters.bureaux else rows


def _of_states(rows: Any, states: tuple[StateFilter, ...], now: dt.datetime) -> Any:
    """Rows in any of the states; all rows for none."""
    if not states:
        return rows
    any_of = Q()
    for state in states:
        any_of |= Q(pk__in=state.narrow(Engagement.objects, now).values("pk"))
    return rows.filter(any_of)


def _states(rows: Any, filters: Filters, now: dt.datetime) -> list[Option]:
    """Counts of every state in one query."""
    base = Engagement.objects.filter(pk__in=rows.order_by().values("pk"))
    counts = base.aggregate(
        **{
            state.value: Count(
                "pk", filter=Q(pk__in=state.narrow(Engagement.objects, now).values("pk"))
            )
            for state in StateFilter
        }
    )
    return [
        Option(state.value, state.label, counts[state.value], state in filters.states)
        for state in StateFilter
    ]


def _bureaux(rows: QuerySet[Engagement], filters: Filters) -> list[Option]:
    """Bureaux that own something here, by the order of government, with counts; two queries."""
    counts = dict(
        Engagement.objects.filter(pk__in=rows.order_by().values("pk"))
        .values_list("owner__slug")
        .annotate(number=Count("pk"))
    )
    slugs = {*counts, *filters.bureaux}
    return [
        Option(bureau.slug, str(bureau), counts.get(bureau.slug, 0), bureau.slug in filters.bureaux)
        for bureau in Bureau.objects.filter(slug__in=slugs)
    ]
