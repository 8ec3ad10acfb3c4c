"""The text of a paper's PDF and Word files: read by a job, bounded, found while it is public."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject
from weasyprint import HTML

from consultations.actions import files
from consultations.actions.paper import publish_paper
from consultations.checklist import steps
from consultations.files import reader, reading
from consultations.files.reading import PART, Read, read_file
from consultations.models import FilePart, PaperFile
from consultations.tree import ensure_collection
from core import audit, clock, jobs
from core.models import MediaDocument
from participation.models import Engagement
from search.asking import ask
from search.live import Narrowing
from search.models import SearchDoc
from search.writing import differences
from tests.factories.consultations import (
    chapter,
    edit_paper,
    make_paper,
    make_paper_draft,
    paragraph,
    translate_all,
)
from tests.factories.engagements import make_account, make_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.db]
_OLD = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(*pages: str, lang: str = "en") -> bytes:
    """As the platform makes its own."""
    body = "".join(f'<div style="break-after: page">{page}</div>' for page in pages)
    made: bytes = HTML(string=f'<html lang="{lang}"><body>{body}</body></html>').write_pdf()
    return made


def word(body: str, name: str = "word/document.xml") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, body)
    return kept.getvalue()


def words(*paragraphs: str) -> str:
    body = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return f"<w:document {_NS}><w:body>{body}</w:body></w:document>"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_paper_draft()


def document(content: bytes, name: str = "plans.pdf", **fields: Any) -> MediaDocument:
    return MediaDocument.objects.create(
        title="Plans",
        file=ContentFile(content, name=name),
        collection=ensure_collection(make_bureau()),
        **fields,
    )


def body_with(*documents: MediaDocument) -> list[dict[str, Any]]:
    blocks = [
        {
            "type": "document",
            "id": f"d{at}",
            "value": {"title": f"Annex {at}", "document": one.pk},
        }
        for at, one in enumerate(documents, start=1)
    ]
    return [chapter("c1", "Chapter", paragraph("p1", "The plans are below."), *blocks)]


def read_files(*, engagement: int) -> int:
    """As the jobs of a paper do."""
    rows = PaperFile.objects.filter(engagement=engagement).order_by("pk")
    return sum(files.read_files(file=pk) for pk in rows.values_list("pk", flat=True))


def paper_with(*documents: MediaDocument) -> tuple[Any, Engagement]:
    page, engagement = make_paper(body=body_with(*documents))
    read_files(engagement=engagement.pk)
    return page, engagement


def found(text: str) -> list[int]:
    answer = ask(text, Narrowing(), sort="relevance", language="en", now=clock.now())
    hits = [hit.object_id for hit in answer.hits if hit.kind == "file"] if answer.whole else []
    assert not answer.whole or answer.facets["kind"].get("file", 0) == len(hits)
    return hits


def codes() -> list[str]:
    return [each["code"] for row in PaperFile.objects.all() for each in row.readings.values()]


def test_text_of_pdf_and_word_is_found_and_leads_to_the_file() -> None:
    one = document(pdf("<p>The numbat crossing costs little.</p>"))
    chinese = document(
        pdf("<p>" + "都市固體廢物收費計劃，" * 30 + "𨋢內的袋熊。</p>", lang="zh-HK"), "計劃.pdf"
    )
    office = document(word(words("The bilby &amp; the quokka.", "鴨嘴獸過路處。")), "annex.docx")
    page, _engagement = make_paper(body=body_with(one, chinese, office))
    assert found("numbat crossing") == []
    assert read_files(engagement=page.engagement.pk) == 3
    assert codes() == ["", "", ""]
    for text in ("numbat crossing", "都市固体废物收费计划", "𨋢內的袋熊", "鸭嘴兽", "bilby quokka"):
        assert len(found(text)) == 1, text
    # Lines of the page do not cut what is one run of characters.
    assert "\n" not in FilePart.objects.get(document=chinese).text
    languages = dict(FilePart.objects.values_list("document", "language"))
    assert languages == {one.pk: "en", chinese.pk: "zh-hant", office.pk: "en"}
    text = Client().get("/en/search/?q=numbat+crossing").content.decode()
    assert f'href="/documents/{one.pk}/plans.pdf"' in text
    assert "Annex 1" in text
    assert "<mark>numbat</mark> <mark>crossing</mark>" in text.lower()
    assert "Document" in text
    assert read_files(engagement=page.engagement.pk) == 0
    assert differences() == []


def test_what_is_not_public_is_not_found() -> None:
    one = document(pdf("<p>Numbat crossing.</p>"))
    make_paper_draft(body=body_with(one))
    assert not PaperFile.objects.exists()
    page, engagement = paper_with(one)
    assert len(found("numbat")) == 1
    # Taken out of the paper.
    edit_paper(page, body=body_with())
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert found("numbat") == []
    assert not FilePart.objects.exists()
    edit_paper(page, body=body_with(one))
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    jobs.drain()
    assert len(found("numbat")) == 1
    # The paper withdrawn.
    engagement.refresh_from_db()
    engagement.state = "withdrawn"
    engagement.save()
    audit.record(
        "engagement.publish",
        actor="system",
        engagement_id=engagement.public_id,
        rows=[engagement],
    )
    assert found("numbat") == []
    assert "hk-card__title" not in Client().get("/en/search/?q=numbat").content.decode()
    assert differences() == []


def test_a_document_that_its_block_offers_no_more_is_found_no_more() -> None:
    """In one language, and one in place of another: from the publishing on, before any job."""
    one = document(pdf("<p>Numbat crossing.</p>"))
    other = document(b"%PDF- damaged", "other.pdf")
    page, engagement = paper_with(one)
    row = PaperFile.objects.get()
    # The Chinese version offers one of its own.
    row.documents = {"en": other.pk, "zh-hant": one.pk}
    row.save()
    read_files(engagement=engagement.pk)
    assert (len(found("numbat")), sorted(codes())) == (1, ["", "broken"])
    # No hit is shown of what the block does not offer, whatever the index says.
    PaperFile.objects.update(documents={"en": other.pk})
    assert "hk-card__title" not in Client().get("/en/search/?q=numbat").content.decode()
    PaperFile.objects.update(documents={"en": other.pk, "zh-hant": one.pk})
    assert "hk-card__title" in Client().get("/en/search/?q=numbat").content.decode()
    edit_paper(page, body=body_with(other))
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert found("numbat") == []
    assert not FilePart.objects.exists()
    assert codes() == ["broken"]
    edit_paper(page, body=body_with(one))
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert codes() == []
    assert differences() == []


def test_a_file_put_right_is_no_new_one() -> None:
    one = document(pdf("<p>Numbat crosing.</p>"))
    _page, engagement = paper_with(one)
    before = found("numbat")
    one.file = ContentFile(pdf("<p>Numbat crossing.</p>"), name="plans-2.pdf")
    one.file_hash = ""
    one.save()
    read_files(engagement=engagement.pk)
    assert found("numbat crossing") == before != []


def test_a_replaced_file_is_read_anew_and_a_deleted_one_is_gone() -> None:
    one = document(pdf("<p>Numbat crossing.</p>"))
    _page, engagement = paper_with(one)
    one.file = ContentFile(pdf("<p>Bilby bridge.</p>"), name="plans-2.pdf")
    one.file_hash = ""
    one.save()
    assert read_files(engagement=engagement.pk) == 1
    assert (found("numbat"), len(found("bilby"))) == ([], 1)
    one.delete()
    assert found("bilby") == []
    assert not SearchDoc.objects.filter(kind="file").exists()
    assert read_files(engagement=engagement.pk) == 0
    assert differences() == []


def test_a_long_file_is_found_by_its_pages_and_by_its_first_part(monkeypatch: Any) -> None:
    pages = [f"<p>Page {number}. " + "Words of the page. " * 40 + "</p>" for number in (1, 2, 3)]
    pages[2] += "<p>The last numbat.</p>"
    one = document(pdf(*pages))
    monkeypatch.setattr(reading, "PART", 1000)
    _page, engagement = paper_with(one)
    assert list(FilePart.objects.values_list("order", "page")) == [(1, 1), (2, 2), (3, 3)]
    text = Client().get("/en/search/?q=last+numbat").content.decode()
    assert f"/documents/{one.pk}/plans.pdf#page=3" in text
    assert "Annex 1, from page 3" in text
    monkeypatch.setattr(reading, "CAPS", {**reading.CAPS, "PAGES": 2})
    PaperFile.objects.update(readings={})
    read_files(engagement=engagement.pk)
    assert found("last numbat") == []
    assert codes() == ["partly"]


def _with_a_page_of_unknown_packing() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("<p>Numbat.</p>", "<p>Bilby.</p>"))))
    stream = StreamObject()
    stream._data = b"numbat"
    stream[NameObject("/Filter")] = NameObject("/Unknown")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def test_pages_that_cannot_be_read_hide_no_others() -> None:
    found = read_file(ContentFile(_with_a_page_of_unknown_packing(), name="a.pdf"))
    assert (found.code, [(part.page, part.text) for part in found.parts]) == (
        "unread",
        [(2, "Bilby.")],
    )
    assert set(reading.SENTENCES) >= {"unread", "locked", "broken"}


def test_what_word_does_not_show_is_not_read() -> None:
    run = "<w:r>%s<w:t>%s </w:t></w:r>"
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    shown = "".join(
        [
            run % ("", "one"),
            f"<w:moveFrom>{run % ('', 'moved')}</w:moveFrom>",
            f"<w:moveTo>{run % ('', 'two')}</w:moveTo>",
            run % (hidden, "hidden"),
            run % ('<w:rPr><w:vanish w:val="0"/></w:rPr>', "three"),
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
            f'<m:Fallback xmlns:m="{_OLD}">{run % ("", "again")}</m:Fallback>',
            run % (f"<w:rPr><w:rPrChange>{hidden}</w:rPrChange></w:rPr>", "four"),
            f"<w:r><w:p><w:pPr>{hidden}</w:pPr>{run % ('', 'five')}</w:p><w:t>six</w:t></w:r>",
        ]
    )
    body = f"<w:document {_NS}><w:body><w:p>{shown}</w:p></w:body></w:document>"
    found = read_file(ContentFile(word(body), name="a.docx"))
    assert " ".join(found.parts[0].text.split()) == "one two three four five six"
    assert len(found.parts) == 1


def test_a_part_longer_than_it_says_is_given_up() -> None:
    with pytest.raises(reader.Refused, match="large"):
        reader._words(reader._Counted(io.BytesIO(words("Numbat.").encode()), 50), 1000)


def _damaged() -> bytes:
    """What is packed begins with a block of a kind that there is not."""
    made = bytearray(word(words("Numbat.")))
    name = b"word/document.xml"
    made[made.index(name) + len(name)] = 0x07
    return bytes(made)


def _longer_than_it_says() -> bytes:
    made = bytearray(word(words("Numbat." * 100)))
    # The length unpacked stands 22 bytes before the name in the directory at the end.
    at = made.rindex(b"word/document.xml") - 46 + 24
    made[at : at + 4] = (40).to_bytes(4, "little")
    return bytes(made)


def _older(*names: str) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
    return head + b"".join(name.encode("utf-16-le") for name in names)


def _encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("<p>Numbat.</p>"))))
    writer.encrypt("secret", algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("locked", "a.pdf", _encrypted),
        ("locked", "a.docx", lambda: _older("EncryptionInfo", "EncryptedPackage")),
        ("broken", "a.docx", lambda: _older("WordDocument")),
        ("broken", "a.docx", _damaged),
        ("broken", "a.docx", _longer_than_it_says),
        ("broken", "a.pdf", lambda: pdf("<p>Numbat.</p>")[:300]),
        ("broken", "a.pdf", lambda: b"%PDF-1.7\n" + b"\x00\xff<<" * 200),
        ("broken", "a.docx", lambda: b"PK\x03\x04" + b"x" * 100),
        ("broken", "a.docx", lambda: word(words("Numbat."), "word/other.xml")),
        ("broken", "a.docx", lambda: word("<w:document><w:p>")),
        ("broken", "a.docx", lambda: word('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
        ("broken", "a.pdf", lambda: b"GIF89a numbat"),
        ("empty", "a.pdf", lambda: pdf("<p></p>")),
        ("large", "a.docx", lambda: word(words("0" * 2_000_000))),
        ("large", "a.pdf", lambda: pdf("<p>Numbat.</p>") + b" " * 300_000),
    ],
)
def test_a_bad_file_gives_no_text_and_a_code(
    monkeypatch: Any, code: str, name: str, content: Any
) -> None:
    monkeypatch.setattr(reading, "CAPS", {**reading.CAPS, "UNPACKED_BYTES": 1_000_000})
    monkeypatch.setattr(reading, "FILE_BYTES", 200_000)
    assert read_file(ContentFile(content(), name=name)) == Read(code)


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.01)
    assert read_file(ContentFile(pdf("<p>Numbat.</p>"), name="a.pdf")) == Read("large")
    monkeypatch.setattr(reading, "WAIT_SECONDS", 60)
    monkeypatch.setattr(reading, "CAPS", {**reading.CAPS, "MEMORY_BYTES": 30 * 1024 * 1024})
    assert read_file(ContentFile(pdf("<p>Numbat.</p>"), name="a.pdf")).code in {"large", "broken"}


def test_the_officer_reads_why_a_text_is_not_found() -> None:
    one, other = document(b"%PDF- damaged"), document(b"a,b", "table.csv")
    page, engagement = paper_with(one, other)
    assert codes() == ["broken", ""]
    lines = {
        step.label: step.sentence for step in steps(page, engagement) if "Text of" in step.label
    }
    assert lines == {
        "Text of the document “Annex 1”": (
            "Search cannot find its text: the file is damaged, or is not a PDF or Word file."
        )
    }
    (tmp,) = [one.file.path]
    Path(tmp).unlink()
    PaperFile.objects.update(readings={})
    read_files(engagement=engagement.pk)
    assert codes() == ["gone", ""]


def test_parts_hold_whole_pages_and_no_page_is_lost() -> None:
    pages = ["字" * (PART - 5), "abc " * 5, "。".join(["句子"] * PART)]
    found = list(reading._parts(pages))
    assert [part.page for part in found] == [1, 2, 3, 3, 3, 3]
    assert all(len(part.text) <= PART + 10 for part in found)
    assert sum(part.text.count("句子") for part in found) == PART
