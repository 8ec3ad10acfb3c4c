"""The report's PDF is tagged as PDF/UA-1 asks, as far as its structure can be read.

Whether the words of a figure say the right thing no structure tells; a validator is named in
docs/operations.md.
"""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from tests.factories.reports import take
from tests.feedback.conftest import Case
from tests.feedback.test_files import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pango")]
PAINTING = frozenset(b"Tj TJ ' \" f F f* S s B B* b b* Do sh BI".split())


def elements(root: Any) -> dict[str, list[Any]]:
    """The structure tree's elements by what they are, the ids of marked content under ''."""
    found: dict[str, list[Any]] = defaultdict(list)
    waiting = [root]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, int):
            found[""].append(node)
        elif isinstance(node, dict):
            if "/S" in node:
                found[node["/S"]].append(node)
            if "/K" in node:
                waiting.append(node["/K"])
    return found


def untagged(page: Any, reader: pypdf.PdfReader) -> list[bytes]:
    """Painting operators of a page outside both tagged content and artifacts."""
    open_marks: list[bool] = []
    stray = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            tagged = len(operands) > 1 and "/MCID" in operands[1].get_object()
            open_marks.append(tagged or operands[0] == "/Artifact")
        elif operator == b"EMC":
            open_marks.pop()
        elif operator in PAINTING and not any(open_marks):
            stray.append(operator)
    assert not open_marks
    return stray


def test_the_pdf_is_tagged_titled_and_says_what_its_figures_show(case: Case) -> None:
    snapshot = take(case.engagement, case.officer)
    reader = pypdf.PdfReader(io.BytesIO(content(snapshot, "en", "pdf")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata is not None
    assert reader.metadata.title == "Report: Waste charging"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    found = elements(root["/StructTreeRoot"])
    assert len(found["/H1"]) == 1
    assert found["/H2"]
    assert found["/H3"]
    assert found["/Figure"]
    for figure in found["/Figure"]:
        assert str(figure["/Alt"]).startswith("Bar chart: ")
    assert found["/Table"]
    ids = [str(head["/ID"]) for head in found["/TH"]]
    assert len(ids) == len(set(ids)) > 0
    for cell in found["/TD"]:
        # Each figure says which heads it stands under, so that no scope has to be guessed.
        heads = [str(each) for each in cell["/A"].get_object()["/Headers"]]
        assert heads
        assert set(heads) <= set(ids)
    assert found[""]
    assert [untagged(page, reader) for page in reader.pages] == [[] for _page in reader.pages]
