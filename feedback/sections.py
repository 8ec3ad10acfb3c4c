"""What a report is made of: sections that apps register, and the shape of what they give.

A section gives figures, sentences and tables, nothing else, all of it JSON. Words of the platform
are kept in the three languages, so that one frozen report reads in each of them; texts of people
are kept as written, with their language. Charts are drawn from a table's own rows, so they cannot
say anything else.

A cell is one of
  a number (int or float) or None;
  a plain string (an id, an ISO date or time);
  words: ``{"en": …, "zh-hant": …, "zh-hans": …}``;
  a text of a person: ``{"text": …, "lang": …}``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from core import dates
from core.texts import LANGUAGES
from participation.models import Engagement

Words = Mapping[str, str]
Cell = int | float | str | None | dict[str, str]
#: Told how far a section has come, 0 to 1.
Step = Callable[[float], None]
#: Rows of a long table that are shown on the page and in the PDF; the files hold all.
SHOWN = 20


def words(message: str | Promise | Callable[[], str], **params: Any) -> dict[str, str]:
    """A message of the interface in the three languages, to be kept in a report.

    ``message`` is lazily translated, or a function (for plurals) called in each language.
    """
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            text = message() if callable(message) else str(message)
            found[code] = text % params if params else text
    return found


def told(text: str, language: str) -> dict[str, str]:
    """A text of a person as a cell."""
    return {"text": text, "lang": language}


def hong_kong(moment: dt.datetime) -> str:
    """An instant as a cell of kind time: ISO, on Hong Kong's clock."""
    return moment.astimezone(dates.ZONE).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Column:
    """``kind`` says how a cell is shown: number, share (per cent), words, text, id or time."""

    key: str
    title: str | Promise
    kind: str = "number"

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "title": words(self.title), "kind": self.kind}


@dataclass
class Table:
    """One table. ``chart`` names the number columns that a chart draws: one for bars, more stack.

    A ``long`` table may have any number of rows, given one after the other; they are packed away
    as they come, and only the first ``SHOWN`` stand in the report itself.
    """

    key: str
    title: str | Promise | Words
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    chart: tuple[str, ...] = ()
    long: bool = False
    note: str | Promise | Words = ""


@dataclass
class SectionData:
    """What a section found. ``figures`` are for programs, by fixed names."""

    figures: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


Build = Callable[[Engagement, dt.datetime, Step], SectionData]
Live = Callable[[Engagement, dt.datetime], SectionData | None]


@dataclass(frozen=True)
class Section:
    """One section of every report; ``build`` reads everything, in any time it needs.

    ``live`` is for the page while the engagement is open: few queries, the same number for one
    entry and for a hundred thousand; None where there is no such thing here. ``sealed`` says that
    it tells results, which nobody sees before the moment the engagement states. ``applies`` says
    whether there is such a thing here.
    """

    key: str
    title: str | Promise
    order: int
    build: Build
    live: Live
    sealed: bool = False
    applies: Callable[[Engagement], bool] = lambda engagement: True


_registry: dict[str, Section] = {}


def register(section: Section) -> None:
    """Make a section part of every report; called once, from ``AppConfig.ready()``."""
    known = _registry.get(section.key)
    if known is not None and known.build is not section.build:
        raise ValueError(f"A report has a section '{section.key}' already.")
    _registry[section.key] = section


def registered() -> list[Section]:
    """All sections in the order of a report."""
    return sorted(_registry.values(), key=lambda section: (section.order, section.key))


def share(part: int, whole: int) -> float | None:
    """Per cent of ``part`` in ``whole`` to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
