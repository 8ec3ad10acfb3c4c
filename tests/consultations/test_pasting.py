"""A whole text pasted into a draft: how it is read, shown, added, and by whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from consultations.actions.approval import submit_paper
from consultations.actions.pasting import paste_text, read_pasted
from consultations.models import ConsultationPage
from consultations.pasting import MOST_PARAGRAPHS, read_paste
from consultations.reading import chapters
from consultations.translation import sentences
from core.exceptions import Conflict, Refused
from core.models import AuditEntry
from tests.factories.consultations import make_paper_draft, translate_all
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau

pytestmark = pytest.mark.django_db

WORD = """Markets that open on Sunday
Background
The Government runs some ninety markets. Most of them close at eight in the evening.
We asked stall holders in spring what they think of it.
What we propose
1. Each market stays open until ten on Sundays.
2. A stall holder may close earlier:
• with a notice on the stall
• not more than twice a month
3. The rent stays as it is.
"""
CHINESE = """一、背景
本港約有九十個街市，大部分晚上八時關門。
我們在春季徵詢了檔戶的意見。

二、建議
2.1　街市星期日開放至晚上十時。
2.2　檔戶可提早休息。
"""


def outline(text: str) -> list[tuple[str, list[list[str]]]]:
    return [(one.heading, one.paragraphs) for one in read_paste(text)]


def test_a_text_from_a_word_processor_has_a_paragraph_a_line() -> None:
    assert outline(WORD.partition("\n")[2]) == [
        (
            "Background",
            [
                [
                    "The Government runs some ninety markets. "
                    "Most of them close at eight in the evening."
                ],
                ["We asked stall holders in spring what they think of it."],
            ],
        ),
        (
            "What we propose",
            [
                ["Each market stays open until ten on Sundays."],
                [
                    "A stall holder may close earlier:",
                    "with a notice on the stall",
                    "not more than twice a month",
                ],
                ["The rent stays as it is."],
            ],
        ),
    ]


def test_chinese_headings_and_numbers() -> None:
    assert outline(CHINESE) == [
        ("背景", [["本港約有九十個街市，大部分晚上八時關門。"], ["我們在春季徵詢了檔戶的意見。"]]),
        ("建議", [["街市星期日開放至晚上十時。"], ["檔戶可提早休息。"]]),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# Any heading.\ntext", [("Any heading.", [["text"]])]),
        ("Chapter 1\nBackground\nThis is it.", [("Background", [["This is it."]])]),
        ("Chapter 2: Costs\nThis is it.", [("Costs", [["This is it."]])]),
        ("第二章　收費\n每袋十元。", [("收費", [["每袋十元。"]])]),
        ("2. Costs\n2.1 Ten dollars.", [("Costs", [["2.1 Ten dollars."]])]),
        # Broken by width, as in a mail: one paragraph.
        (
            "The Government proposes to charge for waste by the\n"
            "bag, from next year on, in all\nbuildings.",
            [
                (
                    "",
                    [
                        [
                            "The Government proposes to charge for waste by the "
                            "bag, from next year on, in all buildings."
                        ]
                    ],
                )
            ],
        ),
        (
            "政府建議由明年四月一日開始，在全港所有住宅及商業樓宇按\n袋徵收廢物費用。",
            [("", [["政府建議由明年四月一日開始，在全港所有住宅及商業樓宇按袋徵收廢物費用。"]])],
        ),
        # Numbers that are words of the text stay.
        ("3.5 million people live here.", [("", [["3.5 million people live here."]])]),
        (
            "1 person in 3 agrees.\n\n2026 is near.",
            [("", [["1 person in 3 agrees."], ["2026 is near."]])],
        ),
        # A short line at the end heads nothing.
        ("This is it.\n\nEnvironment Bureau", [("", [["This is it."], ["Environment Bureau"]])]),
        ("- alone", [("", [["alone"]])]),
        ("", []),
    ],
)
def test_what_lines_are(text: str, wanted: list[tuple[str, list[list[str]]]]) -> None:
    assert outline(text) == wanted


def test_nothing_of_the_text_is_lost() -> None:
    for text in (WORD, CHINESE):
        kept = "".join(
            "".join([one.heading, *("".join(pieces) for pieces in one.paragraphs)])
            for one in read_paste(text)
        )
        marks = re.compile(r"[\s•　]|^\d\.\d?|^[一二]、", re.MULTILINE)
        assert marks.sub("", kept) == marks.sub("", text)


def test_it_is_added_behind_what_is_there_and_the_translations_follow() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, title="Markets that open on Sunday")
    before = [one.block_id for one in chapters(page.get_latest_revision_as_object())]
    reading = read_pasted(WORD, page=page)
    added = paste_text(page=page, text=WORD, seen=reading.seen, by=officer)
    assert (len(added.chapters), added.paragraphs) == (2, 5)
    found = chapters(page.get_latest_revision_as_object())
    assert [one.block_id for one in found[:2]] == before
    assert [one.title for one in found[2:]] == ["Background", "What we propose"]
    assert [item.number for item in found[3].paragraphs] == ["4.1", "4.2", "4.3"]
    assert "<li>with a notice on the stall</li>" in str(found[3].paragraphs[1].html)
    missing = [row.source for row in sentences(page) if row.versions["zh-hant"].is_missing]
    assert "We asked stall holders in spring what they think of it." in missing
    entry = AuditEntry.objects.filter(verb="paper.paste").get()
    assert entry.engagement == page.engagement.public_id
    translate_all(page, officer)
    make_approver()
    submit_paper(page=page, by=officer)
    with pytest.raises(Conflict):
        paste_text(page=page, text=WORD, seen=reading.seen, by=officer)


def test_what_stands_before_the_first_heading_is_the_introduction() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, language="zh-hant", body=[], title="街市")
    text = "街市是社區的一部分。"
    paste_text(page=page, text=text, seen=read_pasted(text, page=page).seen, by=officer)
    (chapter,) = chapters(page.get_latest_revision_as_object())
    assert chapter.title == "引言"


def test_only_the_bureau_and_only_what_was_shown() -> None:
    officer, other = make_officer(), make_officer(make_bureau("LCSD"))
    page = make_paper_draft(by=officer)
    seen = read_pasted(WORD, page=page).seen
    with pytest.raises(Refused):
        paste_text(page=page, text=WORD, seen=seen, by=other)
    for wrong in ("", "0" * 32):
        with pytest.raises(Conflict):
            paste_text(page=page, text=WORD, seen=wrong, by=officer)
    assert len(chapters(page.get_latest_revision_as_object())) == 2
    assert not AuditEntry.objects.filter(verb="paper.paste").exists()


def _paste(client: Client, page: ConsultationPage, **data: str) -> tuple[int, str]:
    response = client.post(f"/cms/desk/{page.engagement.public_id}/paste/", data)
    return response.status_code, response.content.decode()


def test_it_is_shown_with_counts_before_it_is_added(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, body=[], title="Markets that open on Sunday")
    client.force_login(officer)
    here = f"/cms/desk/{page.engagement.public_id}/"
    assert f'href="{here}paste/"' in client.get(here).content.decode()
    assert 'name="add"' not in client.get(f"{here}paste/").content.decode()
    status, html = _paste(client, page, text=WORD, show="1")
    assert status == 200
    assert "2 chapters" in html
    assert "5 paragraphs" in html
    assert "not more than twice a month" in html
    assert chapters(page.get_latest_revision_as_object()) == []
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen is not None
    status, html = _paste(client, page, text=WORD + "More.", seen=seen[1], add="1")
    assert status == 409
    assert "Look at what it becomes again." in html
    assert "More." in html
    status, _html = _paste(client, page, text=WORD, seen=seen[1], add="1")
    assert status == 302
    assert "Paper: 5 paragraphs" in client.get(here).content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \u200b ",
        "a\x00b",
        "# Only a heading",
        "\n\n".join(["One."] * (MOST_PARAGRAPHS + 1)),
        "x" * 10_001,
        "很" * 100_001,
    ],
    ids=["empty", "unseen", "nul", "heading", "many", "long paragraph", "long"],
)
def test_what_cannot_be_is_refused_with_the_text_kept(client: Client, text: str) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer)
    client.force_login(officer)
    status, html = _paste(client, page, text=text, show="1")
    assert status == 422
    assert 'class="kf-error"' in html
    if text.strip("\x00").isascii() and 0 < len(text) < 200:
        assert text.replace("\x00", "") in html.replace("\x00", "")


def test_markup_is_text(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, body=[])
    client.force_login(officer)
    bomb = "<script>alert(1)</script> & <b>bold</b>."
    _status, html = _paste(client, page, text=f"# {bomb}\n\n{bomb}\n- {bomb}", show="1")
    assert "<script>alert" not in html
    seen = read_pasted(f"# {bomb}\n\n{bomb}\n- {bomb}", page=page).seen
    status, html = _paste(client, page, text=f"# {bomb}\n\n{bomb}\n- {bomb}", seen=seen, add="1")
    assert status == 302, html
    page.refresh_from_db()
    (chapter,) = chapters(page.get_latest_revision_as_object())
    assert chapter.title == bomb
    assert "<script" not in str(chapter.paragraphs[0].html)
    assert "&lt;b&gt;bold" in str(chapter.paragraphs[0].html)
