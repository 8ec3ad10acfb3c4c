"""A report's document in one language: what page, PDF and files all show, so they cannot differ."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core import dates
from core.texts import Text, known_language, pick
from feedback.models import Snapshot


@dataclass(frozen=True)
class Shown:
    """One cell: its words in the language they are in; ``value`` is the number it was, if one."""

    text: str
    lang: str = ""
    value: int | float | None = None
    #: Whether a person wrote it, so that nothing in it is ours.
    told: bool = False

    @property
    def is_number(self) -> bool:
        return self.value is not None


@dataclass
class TableView:
    """One table; ``more`` says how many rows the files have besides those here."""

    key: str
    title: Text
    note: Text
    columns: list[tuple[str, str, str]]
    rows: list[list[Shown]]
    chart: list[int]
    total: int
    is_long: bool = False

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass
class SectionView:
    """One section; ``sealed`` is the sentence why there is nothing in it yet."""

    key: str
    title: str
    lines: list[str] = field(default_factory=list)
    tables: list[TableView] = field(default_factory=list)
    sealed: str = ""


@dataclass
class ReportView:
    """The whole, in one language. Version and digest are empty for the page of an open one."""

    language: str
    title: Text
    owner: Text
    partners: list[Text]
    about: dict[str, Any]
    taken_at: dt.datetime
    sections: list[SectionView]
    attribution: Text
    version: int | None = None
    sha256: str = ""

    def section(self, key: str) -> SectionView | None:
        return next((one for one in self.sections if one.key == key), None)


def view(
    document: dict[str, Any], language: str, *, sha256: str = "", rows: int | None = None
) -> ReportView:
    """The document in a language; at most ``rows`` rows a table where given."""
    chosen = known_language(language)
    about = document["engagement"]
    return ReportView(
        language=chosen,
        title=pick(about["title"], chosen),
        owner=pick(about["owner"], chosen),
        partners=[pick(name, chosen) for name in about["partners"]],
        about={
            **about,
            **{
                name: dt.datetime.fromisoformat(about[name]) if about[name] else None
                for name in ("opens_at", "closes_at")
            },
            "response_due": dt.date.fromisoformat(about["response_due"])
            if about["response_due"]
            else None,
        },
        taken_at=dt.datetime.fromisoformat(document["taken_at"]),
        sections=[_section(one, chosen, rows) for one in document["sections"]],
        attribution=pick(about["attribution"], chosen),
        version=document.get("version"),
        sha256=sha256,
    )


def of(snapshot: Snapshot, language: str, *, rows: int | None = None) -> ReportView:
    """A frozen report in a language."""
    return view(snapshot.data, language, sha256=snapshot.sha256, rows=rows)


def _section(data: dict[str, Any], language: str, rows: int | None) -> SectionView:
    title = pick(data["title"], language).text
    if data.get("sealed"):
        return SectionView(
            data["key"], title, sealed=pick(data["sealed"]["sentence"], language).text
        )
    return SectionView(
        key=data["key"],
        title=title,
        lines=[pick(line, language).text for line in data["lines"]],
        tables=[_table(table, language, rows) for table in data["tables"]],
    )


def _table(data: dict[str, Any], language: str, rows: int | None) -> TableView:
    columns = [
        (column["key"], pick(column["title"], language).text, column["kind"])
        for column in data["columns"]
    ]
    total = data["long"]["rows"] if "long" in data else len(data["rows"])
    chosen = data["rows"] if rows is None else data["rows"][:rows]
    return TableView(
        key=data["key"],
        title=pick(data["title"], language),
        note=pick(data["note"], language),
        columns=columns,
        rows=[cells(row, columns, language) for row in chosen],
        chart=[at for at, column in enumerate(columns) if column[0] in data["chart"]],
        total=total,
        is_long="long" in data,
    )


def cells(row: list[Any], columns: list[tuple[str, str, str]], language: str) -> list[Shown]:
    """A row of a table in a language."""
    return [_cell(value, column[2], language) for value, column in zip(row, columns, strict=True)]


def _cell(value: Any, kind: str, language: str) -> Shown:
    if isinstance(value, int | float):
        return _number(value, kind)
    if isinstance(value, dict):
        if "text" in value:
            return Shown(value["text"], lang=value["lang"], told=True)
        text = pick(value, language)
        return Shown(text.text, lang=text.language)
    if value is None:
        return Shown("–")
    if kind == "time":
        return Shown(dates.format_datetime(dt.datetime.fromisoformat(value), language))
    return Shown(value)


def _number(value: int | float, kind: str) -> Shown:
    if kind == "id":
        return Shown(str(value), value=value)
    return Shown(f"{value:,.1f}" if kind == "share" else f"{value:,}", value=value)


def all_rows(snapshot: Snapshot, table: dict[str, Any]) -> Iterator[list[Any]]:
    """Every row of a table of the document, the packed ones one part at a time."""
    if "long" not in table:
        yield from table["rows"]
        return
    for part in snapshot.parts.filter(table=table["key"]).order_by("number").iterator(chunk_size=5):
        for line in part.lines():
            yield json.loads(line)
