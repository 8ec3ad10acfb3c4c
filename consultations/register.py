"""The register of consultations: what the index lists, filters and finds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Bureau
from core.text import fold
from participation.models import Engagement, EngagementKind

PAGE_SIZE = 20
QUERY_LIMIT = 100
#: Words a query is cut into at most; more would only slow the database down.
TERMS_LIMIT = 8


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
    """What the reader chose; unknown values are dropped, never an error (S2, S3)."""

    state: StateFilter | None = None
    bureau: str = ""
    text: str = ""
    page: int = 1

    @property
    def active(self) -> bool:
        return bool(self.state or self.bureau or self.text)

    def query(self, **changes: Any) -> str:
        """The query string of these filters with changes, '' for none; ``page`` starts again."""
        chosen = replace(self, **{"page": 1, **changes})
        parameters = {
            "q": chosen.text,
            "state": chosen.state.value if chosen.state else "",
            "bureau": chosen.bureau,
            "page": chosen.page if chosen.page > 1 else "",
        }
        kept = {name: value for name, value in parameters.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def read_filters(parameters: Mapping[str, str]) -> Filters:
    """Filters from a query string. Whatever is not one of ours is as if it were not there."""
    try:
        state = StateFilter(parameters.get("state", ""))
    except ValueError:
        state = None
    bureau = parameters.get("bureau", "")
    page = parameters.get("page", "1")
    text = "".join(
        character for character in parameters.get("q", "") if character.isprintable()
    ).strip()
    return Filters(
        state=state,
        bureau=bureau if bureau.isascii() and len(bureau) <= 30 else "",
        text=text[:QUERY_LIMIT],
        # Digits of ASCII only: int() would also take Arabic-Indic ones and underscores.
        page=min(int(page), 10_000) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def consultations(kind: str = EngagementKind.CONSULTATION) -> QuerySet[Engagement]:
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
    """One value of a facet with how many it would give and the address that chooses it."""

    value: str
    label: str | Promise
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Register:
    """What the index shows for some filters at an instant."""

    filters: Filters
    page: Page[Engagement]
    states: list[Option]
    bureaux: list[Option]
    total: int

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(label, query without it) of each active filter, to take it away."""
        tags = []
        if self.filters.text:
            tags.append((f"“{self.filters.text}”", self.filters.query(text="")))
        if self.filters.state:
            tags.append((str(self.filters.state.label), self.filters.query(state=None)))
        tags += [
            (str(option.label), self.filters.query(bureau=""))
            for option in self.bureaux
            if option.chosen
        ]
        return tags


def look_up(filters: Filters, now: dt.datetime) -> Register:
    """Run the filters. The number of queries does not depend on how many rows there are."""
    everything = search(consultations(), filters.text)
    of_bureau = everything.filter(owner__slug=filters.bureau) if filters.bureau else everything
    of_state = filters.state.narrow(everything, now) if filters.state else everything
    rows = filters.state.narrow(of_bureau, now) if filters.state else of_bureau
    paginator = Paginator(ordered(rows, now), PAGE_SIZE)
    page = paginator.get_page(filters.page)
    return Register(
        filters=filters,
        page=page,
        states=_states(of_bureau, filters, now),
        bureaux=_bureaux(of_state, filters),
        total=paginator.count,
    )


def _states(rows: Any, filters: Filters, now: dt.datetime) -> list[Option]:
    """Counts of every state in one query."""
    base = Engagement.objects.filter(pk__in=rows.order_by().values("pk"))
    counts = base.aggregate(
        **{
            state.value: Count("pk", filter=Q(pk__in=state.narrow(Engagement.objects, now)))
            for state in StateFilter
        }
    )
    return [
        Option(
            value=state.value,
            label=state.label,
            count=counts[state.value],
            chosen=state is filters.state,
            query=filters.query(state=state),
        )
        for state in StateFilter
    ]


def _bureaux(rows: QuerySet[Engagement], filters: Filters) -> list[Option]:
    """Bureaux that own something here, by the order of government, with counts; two queries."""
    counts = dict(
        rows.order_by()
        .values_list("owner__slug")
        .annotate(number=Count("pk", distinct=True))
        .values_list("owner__slug", "number")
    )
    slugs = {*counts, filters.bureau} - {""}
    return [
        Option(
            value=bureau.slug,
            label=str(bureau),
            count=counts.get(bureau.slug, 0),
            chosen=bureau.slug == filters.bureau,
            query=filters.query(bureau=bureau.slug),
        )
        for bureau in Bureau.objects.filter(slug__in=slugs)
    ]
