"""What administrators read: sums over days of numbers that are each large enough to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.functional import Promise

from search import registry
from search.models import SearchAsked, SearchDoc, SearchOpened
from search.more import CUT
from search.registry import Shown


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both with it; ``language`` "" for all."""

    since: dt.date
    until: dt.date
    language: str = ""

    def query(self) -> str:
        """As it stands in an address."""
        return urlencode(
            {
                "since": self.since.isoformat(),
                "until": self.until.isoformat(),
                "language": self.language,
            }
        )

    def of(self) -> Q:
        """The rows of the period."""
        rows = Q(day__gte=self.since, day__lte=self.until)
        return rows & Q(language=self.language) if self.language else rows


@dataclass(frozen=True, slots=True)
class Sums:
    """How many questions were asked, those too that are in no row of their own."""

    asked: int
    near: int
    nothing: int


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One question over a period."""

    words: str
    asked: int
    near: int
    nothing: int
    opened: int


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """One hit of one question over a period; no title and no address if nobody may see it now."""

    words: str
    kind: str | Promise
    title: str
    language: str
    url: str
    opened: int


def sums(period: Period) -> Sums:
    """All that was asked in the period."""
    found = SearchAsked.objects.filter(period.of(), folded="").aggregate(
        asked=Sum("asked"), near=Sum("near"), nothing=Sum("nothing")
    )
    return Sums(**{name: count or 0 for name, count in found.items()})


def asked(period: Period, most: int) -> list[AskedRow]:
    """What was asked most, most first."""
    return _asked(_by_question(period).order_by("-asked", "folded")[:most], period)


def unanswered(period: Period, most: int) -> list[AskedRow]:
    """Questions for which nothing, or nothing whole, was found, most first."""
    rows = _by_question(period).annotate(lacking=F("near") + F("nothing")).filter(lacking__gt=0)
    return _asked(rows.order_by("-lacking", "-asked", "folded")[:most], period)


def _by_question(period: Period) -> QuerySet[SearchAsked, Any]:
    return (
        SearchAsked.objects.filter(period.of())
        .exclude(folded="")
        .values("folded")
        .annotate(
            shown=Max("words"),
            # Sums of their own names would be taken for the columns.
            **{name: Sum(name) for name in ("asked", "near", "nothing")},
        )
    )


def _asked(rows: Iterable[dict[str, Any]], period: Period) -> list[AskedRow]:
    found = list(rows)
    opened = dict(
        SearchOpened.objects.filter(period.of(), folded__in=[row["folded"] for row in found])
        .values_list("folded")
        .annotate(Sum("opened"))
    )
    return [
        AskedRow(
            row["shown"],
            row["asked"],
            row["near"],
            row["nothing"],
            opened.get(row["folded"], 0),
        )
        for row in found
    ]


def opened(period: Period, most: int, *, language: str, now: dt.datetime) -> list[OpenedRow]:
    """Which hits were opened most, most first, titles in ``language`` where there is one."""
    rows = list(
        SearchOpened.objects.filter(period.of())
        .values("folded", "kind", "object_id")
        .annotate(shown=Max("words"), times=Sum("opened"))
        .order_by("-times", "folded", "kind", "object_id")[:most]
    )
    keys = {(str(row["kind"]), int(row["object_id"])) for row in rows}
    titles, public = _titles(keys, language), shown_now(keys, now)
    kinds = registry.kinds()
    made = []
    for row in rows:
        key = (row["kind"], row["object_id"])
        title, of = titles.get(key, ("", "")) if key in public else ("", "")
        url = public[key].url if key in public else ""
        kind = kinds.get(row["kind"], row["kind"])
        made.append(OpenedRow(row["shown"], kind, title, of, url, row["times"]))
    return made


def shown_now(keys: Iterable[tuple[str, int]], now: dt.datetime) -> dict[tuple[str, int], Shown]:
    """Those of the objects that everybody may see now, in one question to each source."""
    wanted: dict[str, tuple[registry.Source, set[tuple[str, int]]]] = {}
    for key in keys:
        source = registry.source_of(key[0])
        if source is not None:
            wanted.setdefault(source.name, (source, set()))[1].add(key)
    found: dict[tuple[str, int], Shown] = {}
    for source, of in wanted.values():
        public = source.show([number for _kind, number in of], now)
        found.update({key: public[key[1]] for key in of if key[1] in public})
    return found


def _titles(keys: set[tuple[str, int]], language: str) -> dict[tuple[str, int], tuple[str, str]]:
    rows = SearchDoc.objects.filter(
        kind__in={kind for kind, _number in keys}, object_id__in={number for _kind, number in keys}
    ).values_list("kind", "object_id", "language", "title", Left("body", CUT))
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind, number, of, title, body in rows:
        if (kind, number) in keys and ((kind, number) not in found or of == language):
            found[kind, number] = (title or body, of)
    return found
