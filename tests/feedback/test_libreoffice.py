"""A report's workbook, opened and saved anew by LibreOffice: the figures stay what they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.factories.reports import take
from tests.feedback.conftest import PLANTED, Case
from tests.feedback.test_files import content, figures, in_xlsx

pytestmark = pytest.mark.django_db
#: LibreOffice starts slowly on a busy machine; nothing here measures time.
PATIENCE = 240


def test_libreoffice_opens_the_workbook_and_runs_nothing_in_it(
    case: Case, soffice: str, tmp_path: Path
) -> None:
    snapshot = take(case.engagement, case.officer)
    given, saved = tmp_path / "report.xlsx", tmp_path / "saved"
    given.write_bytes(content(snapshot, "en", "xlsx"))
    # A profile of its own: another LibreOffice may run here.
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved)]
    done = subprocess.run(
        [soffice, profile, "--headless", "--norestore", *to, str(given)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    opened = saved / "report.xlsx"
    assert opened.exists(), done.stdout + done.stderr
    rows = in_xlsx(opened.read_bytes())
    wanted = [row for table in figures(snapshot).values() for row in table if row]
    assert len(wanted) > 10
    for row in wanted:
        assert row in rows
    before, after = (openpyxl.load_workbook(path) for path in (given, opened))
    assert before.sheetnames == after.sheetnames
    said = {str(cell.value) for sheet in after for line in sheet.iter_rows() for cell in line}
    assert any(PLANTED in text for text in said)
