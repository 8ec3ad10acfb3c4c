"""The report to print and to keep: tagged PDF (PDF/UA-1), from nothing but the frozen document.

WeasyPrint gets a page of our own making with every text escaped, and may fetch nothing: no
network, no file. It draws with pango, a library of the system; where that is missing the other
files are made all the same and ``PdfUnavailable`` says what to install.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from core.texts import html_lang
from feedback import reading
from feedback.models import Snapshot

#: What Debian calls the libraries that WeasyPrint loads.
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
#: Rows of one table that are printed; the workbook and the CSV files have all.
ROWS = 200
CHUNK = 256 * 1024
_SHEET = Path(__file__).with_name("report.css")
FONTS = {
    "en": "'Noto Sans CJK HK', 'Noto Sans', sans-serif",
    "zh-hant": "'Noto Sans CJK HK', 'Noto Sans', sans-serif",
    "zh-hans": "'Noto Sans CJK SC', 'Noto Sans', sans-serif",
}


class PdfUnavailable(Exception):
    """WeasyPrint or a library under it cannot be loaded here."""


@lru_cache(maxsize=1)
def library() -> Any:
    """WeasyPrint, loaded when first needed; raises ``PdfUnavailable`` naming what to install."""
    try:
        import weasyprint
    except (ImportError, OSError) as lacking:
        raise PdfUnavailable(
            f"PDF cannot be written here: {lacking}. To mend it on Debian: "
            f"apt-get install --no-install-recommends {PACKAGES} fonts-noto-cjk"
        ) from lacking
    return weasyprint


def refuse(url: str, *_rest: Any, **_more: Any) -> Any:
    """What WeasyPrint calls to fetch anything: nothing is fetched, whatever the address."""
    raise ValueError("A report fetches nothing.")


def html(snapshot: Snapshot, language: str) -> str:
    """The page the PDF is made of."""
    report = reading.of(snapshot, language, rows=ROWS)
    return render_to_string(
        "feedback/pdf.html",
        {
            "report": report,
            "snapshot": snapshot,
            "html_lang": html_lang(language),
            "fonts": FONTS[language],
        },
    )


def write(snapshot: Snapshot, language: str) -> Iterator[bytes]:
    """The PDF in the language that is active."""
    weasyprint = library()
    sheet = weasyprint.CSS(string=_SHEET.read_text(encoding="utf-8"), url_fetcher=refuse)
    page = weasyprint.HTML(string=html(snapshot, language), base_url=None, url_fetcher=refuse)
    content: bytes = page.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
