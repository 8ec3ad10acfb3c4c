"""The report as a workbook: a sheet a section, and one for each long table of texts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter import Workbook

from core.cells import harmless
from core.texts import html_lang
from feedback import reading
from feedback.files.as_csv import CHUNK, about_rows
from feedback.models import Snapshot

#: Excel's own limits.
MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
_WIDTHS = {"text": 90, "time": 27, "number": 12, "share": 12}
#: Points of a line of text; letters (a Chinese one counts two) that fit in a column beside others.
_LINE, _LETTERS = 15, 14
_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def write(snapshot: Snapshot, language: str) -> Iterator[bytes]:
    """The workbook. Every text is typed as text: nothing becomes a formula or a link."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/report.xlsx"
        book = Workbook(
            path,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": False,
                "tmpdir": folder,
            },
        )
        _fill(book, snapshot, language)
        book.close()
        with open(path, "rb") as done:
            while some := done.read(CHUNK):
                yield some


class _Sheets:
    """Makes sheets with names that Excel takes, each once, with the proof in the footer."""

    def __init__(self, book: Workbook, snapshot: Snapshot, language: str) -> None:
        self.book, self.language, self.used = book, language, set[str]()
        self.footer = f"&Lv{snapshot.version} {snapshot.data['taken_at']}&R&P / &N"
        self.proof = (
            f"{pgettext('report', 'Version')} {snapshot.version} · {snapshot.data['taken_at']} · "
            f"SHA-256 {snapshot.sha256}"
        )
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.counted = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}
        )
        self.left = book.add_format({"valign": "top", "align": "left"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.share = book.add_format({"num_format": "0.0", "valign": "top"})
        self.quiet = book.add_format({"italic": True})

    def add(self, title: str) -> Any:
        name = base = _NAME.sub(" ", title).strip()[:28] or "–"
        number = 1
        while name.lower() in self.used:
            number += 1
            name = f"{base} {number}"
        self.used.add(name.lower())
        sheet = self.book.add_worksheet(name)
        sheet.set_footer(self.footer)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def _fill(book: Workbook, snapshot: Snapshot, language: str) -> None:
    report = reading.of(snapshot, language)
    book.set_properties({"title": report.title.text, "comments": snapshot.sha256})
    sheets = _Sheets(book, snapshot, language)
    about = sheets.add(pgettext("report", "About"))
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 90)
    for at, row in enumerate(about_rows(snapshot, language)):
        about.write_string(at, 0, str(row[0]), sheets.bold)
        if isinstance(row[1], int):
            about.write_number(at, 1, row[1], sheets.left)
        else:
            about.write_string(at, 1, str(row[1])[:MOST_LETTERS], sheets.text)
    for section, data in zip(report.sections, snapshot.data["sections"], strict=True):
        _section(sheets, snapshot, section, data)


def _section(
    sheets: _Sheets, snapshot: Snapshot, section: reading.SectionView, data: dict[str, Any]
) -> None:
    sheet = sheets.add(section.title)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 12, 16)
    sheet.write_string(0, 0, section.title, sheets.bold)
    sheet.write_string(1, 0, sheets.proof, sheets.quiet)
    at = 3
    for line in (section.sealed, *section.lines):
        if line:
            sheet.write_string(at, 0, harmless(line), sheets.plain)
            at += 1
    for table, raw in zip(section.tables, data.get("tables", []), strict=True):
        if not table.is_long:
            at = _table(sheets, sheet, at + 1, table, raw["rows"])
    for table, raw in zip(section.tables, data.get("tables", []), strict=True):
        if table.is_long:
            own = sheets.add(_short(table.title.text))
            place = 0
            for _key, _title, kind in table.columns:
                own.set_column(place, place, _WIDTHS.get(kind, 18))
                # The language of a text stands beside it.
                place += 1 + (kind == "text")
            own.write_string(0, 0, harmless(table.title.text), sheets.bold)
            own.write_string(1, 0, sheets.proof, sheets.quiet)
            own.freeze_panes(4, 0)
            _table(sheets, own, 2, table, reading.all_rows(snapshot, raw), titled=True)


def _short(title: str) -> str:
    """A name for a sheet that keeps what tells two tables of one question apart."""
    head, dash, what = title.rpartition(" – ")
    return f"{head[:9]}… {what}" if dash else title


def _table(
    sheets: _Sheets,
    sheet: Any,
    at: int,
    table: reading.TableView,
    rows: Any,
    *,
    titled: bool = False,
) -> int:
    """Write a table at a row; the row after it. The language of a text stands beside it."""
    if not titled:
        sheet.write_string(at, 0, harmless(table.title.text), sheets.bold)
        if table.note:
            sheet.write_string(at + 1, 0, harmless(table.note.text), sheets.quiet)
            at += 1
    at += 1
    place = 0
    # Programs do not all make a row as high as its wrapped words need; before it is written.
    sheet.set_row(
        at, _LINE * max([1, *(_lines(title) for _key, title, _kind in table.columns[1:])])
    )
    for _key, title, kind in table.columns:
        figures = kind in {"number", "share"}
        sheet.write_string(at, place, title, sheets.counted if figures else sheets.head)
        place += 1
        if kind == "text":
            sheet.write_string(at, place, _("Language of the text"), sheets.head)
            place += 1
    for row in rows:
        at += 1
        if at >= MOST_ROWS - 1:
            sheet.write_string(at, 0, _("More rows are in the CSV and JSON files."), sheets.quiet)
            break
        _row(sheets, sheet, at, table.columns, row)
    return at + 1


def _lines(title: str) -> int:
    """How many lines a heading takes in a column of the usual width."""
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in title)
    return min(4, -(-letters // _LETTERS))


def _row(
    sheets: _Sheets, sheet: Any, at: int, columns: list[tuple[str, str, str]], row: list[Any]
) -> None:
    place = 0
    shown = reading.cells(row, columns, sheets.language)
    for value, cell, column in zip(row, shown, columns, strict=True):
        if cell.is_number:
            sheet.write_number(
                at, place, value, sheets.share if column[2] == "share" else sheets.plain
            )
        elif value is not None:
            text = value if column[2] == "time" else cell.text
            look = sheets.plain if column[2] in {"time", "id"} else sheets.text
            sheet.write_string(at, place, harmless(text)[:MOST_LETTERS], look)
        place += 1
        if column[2] == "text":
            sheet.write_string(at, place, html_lang(cell.lang) if cell.lang else "", sheets.plain)
            place += 1
