"""The files of a frozen report. Each says version, time and digest, and has the same figures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from core.texts import known_language
from feedback.files import as_csv, as_json, as_pdf, as_xlsx
from feedback.files.as_pdf import PdfUnavailable
from feedback.models import Snapshot

__all__ = ["FORMATS", "TYPES", "PdfUnavailable", "name_of", "write"]

_WRITERS = {
    "json": as_json.write,
    "csv": as_csv.write,
    "xlsx": as_xlsx.write,
    "pdf": as_pdf.write,
}
FORMATS = tuple(_WRITERS)
TYPES = {
    "json": "application/json",
    "csv": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def write(snapshot: Snapshot, language: str, name: str) -> Iterator[bytes]:
    """The file, in pieces of any size. Raises ``PdfUnavailable`` where pango is not installed."""
    with translation.override(known_language(language)):
        yield from _WRITERS[name](snapshot, known_language(language))


def name_of(snapshot: Snapshot, language: str, name: str) -> str:
    """What the file is called where it is saved: no title, so that none is shown over shoulders."""
    ending = "csv.zip" if name == "csv" else name
    return f"report-{snapshot.engagement.public_id}-v{snapshot.version}-{language}.{ending}"
