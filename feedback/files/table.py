"""One table as a file: CSV and XLSX as spreadsheets read them, JSON for programs.

Rows are mappings by the columns' keys. What people wrote stays text in every program that opens it
(``core.cells.harmless``); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from xlsxwriter import Workbook

from core import clock
from core.cells import harmless
from feedback.files.as_csv import CHUNK, MARK
from feedback.files.as_xlsx import MOST_LETTERS, MOST_ROWS

Row = Mapping[str, Any]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_LINES = 500


@dataclass(frozen=True)
class Column:
    """``key`` names it in JSON, ``title`` for people; ``show`` puts a value into people's words."""

    key: str
    title: str | Promise
    show: Callable[[Any], Any] = lambda value: value


def write(
    form: str, head: Mapping[str, Any], columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[bytes]:
    """The file in pieces, in the language that is active now.

    ``head`` says in JSON what the rows are of. Raises KeyError for another form.
    """
    return _within(get_language() or "en", _WRITERS[form](head, columns, rows))


def _within(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces are made while the answer is sent, when no language may be active any more."""
    with override(language):
        yield from pieces


def _cell(column: Column, row: Row) -> int | float | str:
    value = row[column.key]
    shown = "" if value is None else column.show(value)
    if isinstance(shown, int | float) and not isinstance(shown, bool):
        return shown
    return harmless(str(shown))


def _csv(
    head: Mapping[str, Any], columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    out.write(MARK)
    # All that is no number stands in quotes, so that no separator of another country parts it.
    table = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    table.writerow([str(column.title) for column in columns])
    for number, row in enumerate(rows, start=1):
        table.writerow([_cell(column, row) for column in columns])
        if number % _LINES == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _json(
    head: Mapping[str, Any], columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[bytes]:
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{opening}{", " if head else ""}"items": ['.encode()
    for number, row in enumerate(rows):
        found = {column.key: row[column.key] for column in columns}
        between = ",\n" if number else "\n"
        yield f"{between}{json.dumps(found, ensure_ascii=False)}".encode()
    yield b"\n]}\n"


def _xlsx(
    head: Mapping[str, Any], columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/table.xlsx"
        book = Workbook(
            path,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": folder,
            },
        )
        # The same table at the same moment is the same file.
        book.set_properties({"created": clock.now().replace(tzinfo=None)})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, str(column.title), bold)
        for at, row in enumerate(rows, start=1):
            if at >= MOST_ROWS:
                break
            for place, column in enumerate(columns):
                value = _cell(column, row)
                if isinstance(value, str):
                    sheet.write_string(at, place, value[:MOST_LETTERS])
                else:
                    sheet.write_number(at, place, value)
        book.close()
        with open(path, "rb") as done:
            while some := done.read(CHUNK):
                yield some


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "json": _json}
