"""One report, read back from its page, PDF, XLSX, CSV, JSON and API: the figures are equal."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Account
from feedback.collecting import canonical
from feedback.models import Snapshot
from questionnaires.actions.counting import keep_figures
from tests.factories.reports import take
from tests.feedback.conftest import Case

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"^-?[\d,]+(\.\d+)?$")


def content(snapshot: Snapshot, language: str, name: str) -> bytes:
    file = snapshot.files.get(language=language, format=name)
    found = b"".join(bytes(piece.content) for piece in file.pieces.all())
    assert len(found) == file.size
    return found


def figures(snapshot: Snapshot) -> dict[str, list[list[float]]]:
    """The numbers of every table in the frozen document, row by row."""
    return {
        table["key"]: [
            [cell for cell in row if isinstance(cell, int | float)] for row in table["rows"]
        ]
        for section in snapshot.data["sections"]
        for table in section.get("tables", [])
    }


def in_page(html: str) -> dict[str, list[list[float]]]:
    page = BeautifulSoup(html, "html.parser")
    found = {}
    for table in page.select("main table"):
        key = table["aria-labelledby"].removeprefix("t-")
        found[key] = [
            [
                float(cell.get_text().replace(",", ""))
                for cell in row.select("td.govuk-table__cell--numeric")
            ]
            for row in table.select("tbody tr")
        ]
    return found


def in_csv(packed: bytes) -> dict[str, list[list[float]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            rows = list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))
            assert any("SHA-256" in row for row in rows), name
            end = rows.index([]) if [] in rows else len(rows)
            found[name.removesuffix(".csv")] = [
                [cell for cell in row if isinstance(cell, float)] for row in rows[1:end]
            ]
    return found


def in_xlsx(packed: bytes) -> list[list[float]]:
    """Every row of numbers in the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(packed))
    found = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            numbers = [cell.value for cell in row if isinstance(cell.value, int | float)]
            if numbers:
                found.append(numbers)
    return found


def counted(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is counted alike while open and when frozen: texts are grouped in a frozen one only."""
    return [
        {key: value for key, value in one.items() if key not in {"texts", "as_at"}}
        for one in questions
    ]


def same_in_every_form(snapshot: Snapshot, officer: Account) -> Any:
    """Assert that page, CSV, XLSX, JSON and PDF have the document's figures; what the API tells."""
    import pypdf

    wanted = figures(snapshot)
    client = Client()
    client.force_login(officer, backend="accounts.backends.AccountBackend")
    public_id = snapshot.engagement.public_id
    shown = client.get(f"/en/reports/{public_id}/{snapshot.version}/").content.decode()
    assert in_page(shown) == wanted
    tables = in_csv(content(snapshot, "en", "csv"))
    tables.pop("about")
    assert tables == wanted
    rows = in_xlsx(content(snapshot, "en", "xlsx"))
    for table in wanted.values():
        for row in table:
            if row:
                assert row in rows
    data = json.loads(content(snapshot, "en", "json"))
    assert data["report"] == snapshot.data
    assert hashlib.sha256(canonical(data["report"]).encode()).hexdigest() == snapshot.sha256
    pdf = pypdf.PdfReader(io.BytesIO(content(snapshot, "en", "pdf")))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    words = text.split()
    for table in wanted.values():
        for row in table:
            for number in row:
                said = {f"{number:,}", f"{number:,.1f}"}
                assert said & set(words), (number, row)
    for form in (text, shown):
        assert snapshot.sha256 in form.replace("\n", "")
    return client.get(f"/api/v1/consultations/{public_id}/report").json()


def figures_by_section(snapshot: Snapshot) -> dict[str, Any]:
    """What programs are told of each section."""
    return {one["key"]: one["figures"] for one in snapshot.data["sections"]}


def test_page_csv_xlsx_json_pdf_and_api_have_the_same_figures(case: Case, pango: None) -> None:
    keep_figures(questionnaire=case.questionnaire)

    snapshot = take(case.engagement, case.officer)
    wanted = figures(snapshot)
    assert wanted["register"][0][0] == 20
    assert sum(row[0] for row in wanted["register"][1:]) == 20
    told = same_in_every_form(snapshot, case.officer)
    sections = figures_by_section(snapshot)
    assert told["register"] == sections["register"]
    assert told["statements"] == sections["statements"]["statements"]
    assert told["responses"] == sections["questions"]["responses"]
    assert counted(told["questions"]) == counted(sections["questions"]["questions"])
