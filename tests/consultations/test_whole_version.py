"""A whole translation pasted at once, put beside its originals and saved by the officer."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage
from consultations.pasting import PASTE_LIMIT, placed
from consultations.translation import Sentence, sentences
from core.exceptions import Invalid
from tests.factories.consultations import chapter, make_paper_draft, paragraph
from tests.factories.desk import make_officer

pytestmark = pytest.mark.django_db


def row(key: str, path: str) -> Sentence:
    return Sentence(key=key, path=path, source=key, marks=False)


ROWS = [
    row("t", "title"),
    row("s", "summary"),
    row("h", "body.1.heading"),
    row("p", "body.1.content.2"),
    row("l", "body.1.content.2"),
    row("c", "statements.1"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# 背景\n第一段。\n• 一點", {"h": "背景", "p": "第一段。", "l": "一點"}),
        ("背景\r\n\r\n第一段。\r\n\r\n第二段。", {"h": "背景", "p": "第一段。", "l": "第二段。"}),
        # The title may stand before it.
        (
            "標題\n背景\n第一段。\n第二段。",
            {"t": "標題", "h": "背景", "p": "第一段。", "l": "第二段。"},
        ),
    ],
)
def test_headings_paragraphs_and_points_are_taken_in_order(text, found):
    assert placed(ROWS, text) == found


@pytest.mark.parametrize(
    "text", ["", " \n ", "背景\n一。", "題\n背景\n一。\n二。\n三。", "一" * (PASTE_LIMIT + 1)]
)
def test_what_does_not_fit_is_refused_not_guessed(text):
    with pytest.raises(Invalid) as refused:
        placed(ROWS, text)
    assert refused.value.field == "whole"


def test_it_is_shown_beside_the_original_and_saved_only_by_the_officer(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    assert page.engagement is not None
    client.force_login(officer)
    url = f"/cms/desk/{page.engagement.public_id}/words/zh-hant/"
    rows = sentences(page)
    body = [one for one in rows if one.field_name == "body"]
    summary = next(one for one in rows if one.field_name == "summary")
    text = "\n\n".join(f"第{number}段的譯文。" for number in range(len(body)))
    typed = {f"s-{summary.key}": "打了一半的摘要"}
    shown = client.post(url, {**typed, "whole": text, "fill": "1"})
    assert shown.status_code == 200
    page_text = shown.content.decode()
    assert f"{len(body)} sentences were filled in" in page_text
    assert "第0段的譯文。" in page_text
    assert "打了一半的摘要" in page_text
    assert all(one.versions["zh-hant"].is_missing for one in sentences(page))
    refused = client.post(url, {**typed, "whole": "只有一段。", "fill": "1"})
    assert refused.status_code == 422
    assert "只有一段。" in refused.content.decode()
    assert "打了一半的摘要" in refused.content.decode()
    saved = {f"s-{one.key}": f"第{number}段的譯文。" for number, one in enumerate(body)}
    assert client.post(url, saved).status_code == 302
    assert not any(
        one.versions["zh-hant"].is_missing for one in sentences(page) if one.field_name == "body"
    )


def test_a_preview_of_an_incomplete_version_says_which_words_are_the_sources(
    client: Client,
) -> None:
    officer = make_officer()
    page = make_paper_draft(
        by=officer,
        translate=False,
        title="Markets at night",
        body=[chapter("c1", "Background", paragraph("p1", "Markets close at eight."))],
    )
    rows = {row.source: row.key for row in sentences(page)}
    save_translations(page=page, language="zh-hant", texts={rows["Background"]: "背景"}, by=officer)
    client.force_login(officer)
    version = ConsultationPage.objects.get(
        translation_key=page.translation_key, locale__language_code="zh-hant"
    )
    shown = client.get(f"/cms/pages/{version.pk}/view_draft/?mode=open").content.decode()
    assert re.search(r'<h1 [^>]*lang="en">Markets at night</h1>', shown)
    assert re.search(r'lang="en"><a[^>]*hk-para__no[^>]*>1.1</a>.*Markets close at eight', shown)
    assert re.search(r'<h2 [^>]*hk-keep" id="[^"]*">1. 背景</h2>', shown)
    # The source's own preview marks nothing.
    source = client.get(f"/cms/pages/{page.pk}/view_draft/?mode=open").content.decode()
    assert ' lang="en">Markets' not in source


@pytest.mark.parametrize(
    ("title", "language", "status"),
    [
        ("夜間靜一點", "en", 422),
        ("Quieter streets at night", "zh-hant", 422),
        ("夜間靜一點", "zh-hant", 302),
        ("Quieter streets at night", "en", 302),
        ("iAM Smart 智方便 for all", "en", 302),
        ("iAM Smart 智方便", "zh-hant", 302),
        ("MPF 2027", "zh-hant", 302),
    ],
)
def test_a_title_in_the_other_language_is_asked_about_before_it_is_too_late(
    client: Client, title: str, language: str, status: int
) -> None:
    officer = make_officer()
    client.force_login(officer)
    typed = {
        "title": title,
        "bureau": str(officer.grants.get().bureau_id),
        "source_language": language,
        "opens_on": "2027-05-01",
        "closes_on": "2027-06-30",
        "response_due": "2027-09-01",
    }
    answer = client.post("/cms/desk/new/", typed)
    assert answer.status_code == status
    if status == 422:
        assert "The title is in" in answer.content.decode()
        assert title in answer.content.decode()
