"""One CSV file for each table, in a zip: UTF-8 with a mark, so that spreadsheets read it right."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.cells import harmless
from core.texts import html_lang
from feedback import reading
from feedback.models import Snapshot

MARK = "\ufeff"
CHUNK = 256 * 1024
#: A fixed time, so that the same report is the same file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(snapshot: Snapshot, language: str) -> Iterator[bytes]:
    """``about.csv`` and a file for each table, named by the table's key."""
    with tempfile.TemporaryFile() as place:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            with _member(archive, "about") as out:
                _rows(out, about_rows(snapshot, language))
            for section in snapshot.data["sections"]:
                for table in section.get("tables", []):
                    with _member(archive, table["key"]) as out:
                        _rows(out, _table(snapshot, table, language))
        place.seek(0)
        while some := place.read(CHUNK):
            yield some


def _member(archive: zipfile.ZipFile, name: str) -> io.TextIOWrapper:
    info = zipfile.ZipInfo(f"{name}.csv", _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return io.TextIOWrapper(archive.open(info, "w", force_zip64=True), encoding="utf-8", newline="")


def _rows(out: io.TextIOWrapper, rows: Iterator[list[Any]]) -> None:
    out.write(MARK)
    # All that is no number stands in quotes, so that no separator of another country parts it.
    table = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        table.writerow(row)


def proof_rows(snapshot: Snapshot) -> Iterator[list[Any]]:
    """Which report this is of; the end of every file."""
    yield [pgettext("report", "Version"), snapshot.version]
    yield [_("Taken at"), snapshot.data["taken_at"]]
    yield ["SHA-256", snapshot.sha256]


def about_rows(snapshot: Snapshot, language: str) -> Iterator[list[Any]]:
    """What the report is of, what is sealed, the sentences of the sections."""
    report = reading.of(snapshot, language, rows=0)
    yield [pgettext("report", "Report"), harmless(report.title.text)]
    yield [pgettext("report", "Bureau"), harmless(report.owner.text)]
    for partner in report.partners:
        yield [pgettext("report", "Partner"), harmless(partner.text)]
    yield from proof_rows(snapshot)
    for section in report.sections:
        for line in (section.sealed, *section.lines):
            if line:
                yield [section.title, harmless(line)]
    if report.attribution:
        yield [pgettext("report", "Source"), harmless(report.attribution.text)]


def _table(snapshot: Snapshot, table: dict[str, Any], language: str) -> Iterator[list[Any]]:
    view = (
        reading.view({**snapshot.data, "sections": [_only(table)]}, language, rows=0)
        .sections[0]
        .tables[0]
    )
    texts = [column[2] == "text" for column in view.columns]
    heads: list[Any] = []
    for (_key, title, _kind), is_text in zip(view.columns, texts, strict=True):
        heads.append(title)
        if is_text:
            heads.append(_("Language of the text"))
    yield heads
    for row in reading.all_rows(snapshot, table):
        yield list(_values(row, view.columns, language))
    yield []
    yield from proof_rows(snapshot)


def _only(table: dict[str, Any]) -> dict[str, Any]:
    return {"key": "", "title": {}, "lines": [], "tables": [table]}


def _values(
    row: list[Any], columns: list[tuple[str, str, str]], language: str
) -> Iterator[int | float | str]:
    """Numbers as numbers, times in ISO form, texts harmless and with their language beside."""
    for value, shown, column in zip(
        row, reading.cells(row, columns, language), columns, strict=True
    ):
        if shown.is_number:
            yield value
        elif value is None:
            yield ""
        elif column[2] == "time":
            yield value
        else:
            yield harmless(shown.text)
        if column[2] == "text":
            yield html_lang(shown.lang) if shown.lang else ""
