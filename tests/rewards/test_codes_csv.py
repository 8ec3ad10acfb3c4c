"""Files of voucher codes: what is wrong is told by line, and never what stands there."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.exceptions import Invalid
from crowdtasks.rewards.codes_csv import FILE_MAXIMUM, Fault, Found, read_codes
from crowdtasks.rewards.sealing import Code, digest

KNOWN = "ALREADY-IN-STOCK"


def known(digests: list[str]) -> set[str]:
    return {digest(Code(KNOWN))} & set(digests)


def read(text: str | bytes, encoding: str = "utf-8") -> Found:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return read_codes(content, known, guarded=True)


def told(found: Found) -> list[tuple[int, Fault]]:
    return [(line.number, line.fault) for line in found.faults]


def sound(found: Found) -> list[str]:
    return [code.reveal() for code, _mark in found.codes]


def test_every_kind_of_bad_line_is_told_by_its_number():
    lines = [
        "換領碼,備註",
        "GOOD-0001,第一張",
        "",
        '=HYPERLINK("http://evil.example","x")',
        "+852 1234",
        "@SUM(A1)",
        "-1+1",
        "＝１＋１",
        "X" * 65,
        "ABC12",
        "優惠券一二三四",
        "two words",
        "GOOD-0001",
        KNOWN,
        '"GOOD-0002",quoted',
        '"NEVER-CLOSED',
        "GOOD-0003;semicolon",
        "GOOD-0004\ttab",
        "",
        "",
    ]
    found = read("\r\n".join(lines))
    assert sound(found) == ["GOOD-0001", "GOOD-0002", "NEVER-CLOSED", "GOOD-0003", "GOOD-0004"]
    assert told(found) == [
        (3, Fault.EMPTY),
        *((number, Fault.FORMULA) for number in (4, 5, 6, 7, 8)),
        (9, Fault.TOO_LONG),
        (10, Fault.TOO_SHORT),
        (11, Fault.NOT_A_CODE),
        (12, Fault.NOT_A_CODE),
        (13, Fault.REPEATED),
        (14, Fault.KNOWN),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "換領碼\nGOOD-0001\n".encode("utf-8-sig"),
        "換領碼,說明\nGOOD-0001,咖啡\n".encode("big5"),
        "code\nGOOD-0001\n".encode("utf-16"),
        b"code\rGOOD-0001\r",
        "\u3000GOOD-0001\u00a0".encode(),
    ],
    ids=["bom", "big5", "utf-16", "old-mac", "wide-blanks"],
)
def test_files_as_spreadsheets_save_them(content: bytes):
    found = read(content)
    assert sound(found) == ["GOOD-0001"]
    assert found.faults == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"code\n",
        b"PK\x03\x04\x00\x00",
        b"\xff\xff\xff",
        b"GOOD-0001\n" * (FILE_MAXIMUM // 10 + 1),
        b"".join(b"GOOD-%06d\n" % number for number in range(20_001)),
    ],
    ids=["nothing", "empty-lines", "heading-alone", "a-workbook", "no-text", "2-mb", "20001-lines"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes):
    with pytest.raises(Invalid) as refused:
        read(content)
    assert refused.value.field == "file"


def test_what_is_wrong_is_said_in_the_readers_language_and_holds_no_code():
    for language in ("en", "zh-hant", "zh-hans"):
        with translation.override(language):
            said = {str(fault.sentence) for fault in Fault}
        assert len(said) == len(Fault)
        if language != "en":
            assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in said)
    found = read("CANARY-0001\nCANARY-0001\n")
    assert "CANARY" not in repr(found)
    assert "CANARY" not in str(found)
