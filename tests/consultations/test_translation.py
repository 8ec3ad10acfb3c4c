"""Draft translations follow the draft source; Simplified follows Traditional until corrected."""

import pytest

from consultations.actions.paper import publish_paper
from consultations.actions.translation import confirm_sentence, save_translations
from consultations.models import ConsultationPage
from consultations.translation import sentences, standings
from core.exceptions import Conflict, Invalid
from core.simplified import to_simplified
from tests.factories.consultations import (
    default_body,
    edit_paper,
    make_paper_draft,
    paragraph,
    translate_all,
)
from tests.factories.desk import make_approver, make_officer

pytestmark = pytest.mark.django_db


def draft_of(page: ConsultationPage, language: str) -> ConsultationPage:
    found = ConsultationPage.objects.get(
        translation_key=page.translation_key, locale__language_code=language
    )
    draft: ConsultationPage = found.get_latest_revision_as_object()
    return draft


def first_paragraph(page: ConsultationPage, language: str) -> str:
    return str(draft_of(page, language).body[0].value["content"][0].value.source)


def key_of(page: ConsultationPage, source: str) -> str:
    return next(row.key for row in sentences(page) if row.source == source)


def test_both_drafts_follow_with_the_block_ids_kept() -> None:
    page = make_paper_draft()
    assert first_paragraph(page, "zh-hant") == "<p>譯：First point.</p>"
    assert first_paragraph(page, "zh-hans") == "<p>译：First point.</p>"
    ids = [block.id for block in draft_of(page, "zh-hans").body[0].value["content"]]
    assert ids == ["p1", "p2"]
    assert draft_of(page, "zh-hant").slug == page.slug
    assert draft_of(page, "zh-hant").closes_on == page.closes_on


def test_a_paper_written_in_traditional_drafts_simplified_at_once() -> None:
    page = make_paper_draft(
        language="zh-hant", title="都市固體廢物收費", translate=False, summary="衞生與綫上諮詢"
    )
    assert draft_of(page, "zh-hans").title == "都市固体废物收费"
    assert draft_of(page, "zh-hans").summary == to_simplified("衞生與綫上諮詢")
    by_language = {one.language: one for one in standings(page)}
    assert by_language["zh-hans"].is_complete
    assert not by_language["en"].is_complete


def test_a_changed_sentence_is_marked_with_what_was_written_before() -> None:
    page = make_paper_draft()
    body = default_body()
    body[0]["value"]["content"][0] = paragraph("p1", "First point, reworded.")
    edit_paper(page, body=body)
    row = next(one for one in sentences(page) if one.source == "First point, reworded.")
    assert row.versions["zh-hant"].changed
    assert row.versions["zh-hant"].is_missing
    assert row.versions["zh-hant"].earlier == "譯：First point."
    others = [one for one in sentences(page) if one.source == "Second point."]
    assert not others[0].versions["zh-hant"].changed
    standing = {one.language: one for one in standings(page)}["zh-hant"]
    assert (standing.missing, standing.is_complete) == (1, False)


def test_simplified_follows_until_a_hand_corrects_it() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer)
    key = key_of(page, "First point.")
    save_translations(page=page, language="zh-hant", texts={key: "網上諮詢"}, by=officer)
    assert first_paragraph(page, "zh-hans") == "<p>网上咨询</p>"
    save_translations(page=page, language="zh-hans", texts={key: "在线咨询"}, by=officer)
    save_translations(page=page, language="zh-hant", texts={key: "綫上諮詢"}, by=officer)
    assert first_paragraph(page, "zh-hans") == "<p>在线咨询</p>"
    row = next(one for one in sentences(page) if one.key == key)
    assert row.versions["zh-hans"].changed
    confirm_sentence(page=page, language="zh-hans", key=key, by=officer)
    row = next(one for one in sentences(page) if one.key == key)
    assert not row.versions["zh-hans"].changed
    save_translations(page=page, language="zh-hans", texts={key: ""}, by=officer)
    assert first_paragraph(page, "zh-hans") == "<p>线上咨询</p>"


@pytest.mark.db
def test_a_draft_change_after_publication_leaves_the_public_pages_alone() -> None:
    page = make_paper_draft()
    publish_paper(page=page, by=None)
    body = default_body()
    body[0]["value"]["heading"] = "Only a draft"
    edit_paper(page, body=body, summary="Only a draft")
    translate_all(page, make_officer())
    for live in ConsultationPage.objects.live():
        assert "draft" not in live.summary
        assert "draft" not in live.body[0].value["heading"]
    assert draft_of(page, "zh-hant").summary == "譯：Only a draft"


def test_marks_and_links_are_kept_and_nothing_else_gets_in() -> None:
    officer = make_officer()
    html = '<p>See <b>this</b> and <a href="https://example.org/">that</a>.</p>'
    body = default_body()
    body[0]["value"]["content"][0] = paragraph("p1", html)
    page = make_paper_draft(by=officer, body=body, translate=False)
    row = next(one for one in sentences(page) if one.marks)
    typed = '請看<b>這個</b>和<a id="a1">那個</a>。<script>x()</script>'
    save_translations(page=page, language="zh-hant", texts={row.key: typed}, by=officer)
    text = first_paragraph(page, "zh-hant")
    assert '<a href="https://example.org/">那個</a>' in text
    assert "script" not in text
    with pytest.raises(Invalid) as refused:
        save_translations(
            page=page, language="zh-hant", texts={row.key: '<a id="a9">那個</a>'}, by=officer
        )
    assert refused.value.field == row.key


def test_plain_text_is_kept_as_typed() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False, summary="Cost < 10 & more")
    key = key_of(page, "Cost < 10 & more")
    save_translations(
        page=page, language="zh-hant", texts={key: "成本 < 10 & “更多”\n第二行"}, by=officer
    )
    assert draft_of(page, "zh-hant").summary == "成本 < 10 & “更多”\n第二行"
    row = next(one for one in sentences(page) if one.key == key)
    assert row.versions["zh-hant"].text == "成本 < 10 & “更多”\n第二行"


def test_no_words_change_while_it_waits() -> None:
    from consultations.actions.approval import submit_paper

    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer)
    submit_paper(page=page, by=officer)
    key = key_of(page, "First point.")
    with pytest.raises(Conflict):
        save_translations(page=page, language="zh-hant", texts={key: "後來"}, by=officer)
    assert first_paragraph(page, "zh-hant") == "<p>譯：First point.</p>"
