"""Publishing a paper writes rows, once for each block, in three languages together."""

import datetime as dt

import pytest
from wagtail.models import Revision

from consultations.actions.paper import publish_paper
from consultations.models import ConsultationPage, Paragraph
from core import audit, clock
from core.exceptions import Invalid
from participation.models import PublicNotice
from participation.models.pages import HONG_KONG
from tests.factories.consultations import (
    chapter,
    default_body,
    edit_paper,
    make_paper,
    make_paper_draft,
    paragraph,
    today,
    translate_all,
)
from tests.factories.engagements import make_account

pytestmark = pytest.mark.django_db


def test_a_draft_writes_an_engagement_in_state_draft_and_nothing_public() -> None:
    page = make_paper_draft()
    engagement = page.engagement
    assert engagement is not None
    assert engagement.state == "draft"
    assert engagement.opens_at is None
    assert not engagement.paragraphs.exists()
    assert not ConsultationPage.objects.live().exists()
    assert ConsultationPage.objects.filter(translation_key=page.translation_key).count() == 3


@pytest.mark.db
def test_publishing_opens_three_languages_with_one_row_a_block() -> None:
    _page, engagement = make_paper()
    assert ConsultationPage.objects.live().count() == 3
    rows = list(engagement.paragraphs.all())
    assert [(row.block_id, row.number) for row in rows] == [
        ("p1", "1.1"),
        ("p2", "1.2"),
        ("p3", "2.1"),
    ]
    assert rows[0].text == {
        "en": "<p>First point.</p>",
        "zh-hant": "<p>譯：First point.</p>",
        "zh-hans": "<p>译：First point.</p>",
    }
    assert [row.title["zh-hant"] for row in engagement.chapters.all()] == [
        "譯：Background",
        "譯：Proposal",
    ]
    assert engagement.state == "published"
    assert set(engagement.title) == {"en", "zh-hant", "zh-hans"}
    assert engagement.paths["zh-hant"] == engagement.paths["en"].replace("/en/", "/zh-hant/")
    assert {row.thread.key for row in rows} == {row.anchor for row in rows}
    assert engagement.paper_versions.get().number == 1
    assert engagement.statements.get().ballot.engagement_id == engagement.pk


def test_the_last_day_is_wholly_open() -> None:
    _page, engagement = make_paper(closes=10)
    assert engagement.closes_at is not None
    closes = engagement.closes_at.astimezone(HONG_KONG)
    assert closes.date() == today() + dt.timedelta(days=11)
    assert closes.time() == dt.time(0)


def test_publishing_again_unchanged_writes_no_new_version() -> None:
    page, engagement = make_paper()
    publish_paper(page=page, by=None)
    assert engagement.paper_versions.count() == 1
    assert engagement.paragraphs.count() == 3
    assert not PublicNotice.objects.exists()


@pytest.mark.db
def test_a_changed_paragraph_after_opening_makes_a_public_version() -> None:
    page, engagement = make_paper()
    body = default_body()
    body[0]["value"]["content"][0]["value"] = "<p>First point, corrected.</p>"
    body[1]["value"]["content"] = [paragraph("p4", "A new point.")]
    edit_paper(page, body=body)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    version = engagement.paper_versions.first()
    assert version is not None
    assert version.number == 2
    first = engagement.paragraphs.get(block_id="p1")
    gone = engagement.paragraphs.get(block_id="p3")
    assert version.changes == {
        "changed": [first.anchor],
        "added": [engagement.paragraphs.get(block_id="p4").anchor],
        "removed": [gone.anchor],
    }
    assert first.version == 2
    assert [one.text["en"] for one in first.versions.all()] == [
        "<p>First point.</p>",
        "<p>First point, corrected.</p>",
    ]
    assert gone.retired_at is not None
    assert gone.thread.retired_at is not None
    notice = engagement.public_notices.get()
    assert notice.kind == "changed"
    added = engagement.paragraphs.get(block_id="p4")
    assert notice.data["anchors"] == [
        {"anchor": row.anchor, "number": row.number} for row in (first, added)
    ]
    assert "1.1" in notice.text["en"]
    assert "1.1" in notice.text["zh-hant"]
    assert audit.verify().ok


def test_a_change_before_opening_rewrites_version_one() -> None:
    page, engagement = make_paper(opens=5)
    body = default_body()
    body[0]["value"]["content"][0]["value"] = "<p>Reworded.</p>"
    edit_paper(page, body=body)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert engagement.paper_versions.count() == 1
    row = engagement.paragraphs.get(block_id="p1")
    assert row.versions.get().text["en"] == "<p>Reworded.</p>"
    assert not engagement.public_notices.exists()


def test_a_paragraph_taken_out_and_put_back_is_the_same_row() -> None:
    page, engagement = make_paper()
    row = engagement.paragraphs.get(block_id="p3")
    edit_paper(page, body=default_body()[:1])
    publish_paper(page=page, by=None)
    edit_paper(page, body=default_body())
    publish_paper(page=page, by=None)
    back = engagement.paragraphs.get(block_id="p3")
    assert back.pk == row.pk
    assert back.retired_at is None
    assert back.anchor == row.anchor


@pytest.mark.db
def test_shortening_after_opening_leaves_everything_as_it_was() -> None:
    page, engagement = make_paper(closes=40)
    edit_paper(page, closes_on=today() + dt.timedelta(days=20), body=default_body()[:1])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "closes_on"
    engagement.refresh_from_db()
    assert engagement.closes_at is not None
    assert engagement.closes_at.astimezone(HONG_KONG).date() == today() + dt.timedelta(days=41)
    assert engagement.paragraphs.filter(retired_at=None).count() == 3
    assert len(ConsultationPage.objects.get(pk=page.pk).body) == 2


def test_before_opening_the_dates_may_move_either_way() -> None:
    page, engagement = make_paper(opens=5, closes=40)
    edit_paper(page, opens_on=today() + dt.timedelta(days=2), closes_on=today() + dt.timedelta(30))
    publish_paper(page=page, by=None)
    engagement.refresh_from_db()
    assert engagement.opens_at is not None
    assert engagement.opens_at.astimezone(HONG_KONG).date() == today() + dt.timedelta(days=2)


def test_a_statement_keeps_its_words_once_open() -> None:
    page, engagement = make_paper()
    edit_paper(page, statements=[{"type": "statement", "id": "s1", "value": "Cars come first."}])
    translate_all(page, make_account())
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "statements"
    assert engagement.statements.get().text["en"] == "Trees come first."


def test_without_traditional_it_is_refused_unless_the_page_says_when() -> None:
    page = make_paper_draft(translate=False)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.data["language"] == "zh-hant"
    assert not ConsultationPage.objects.live().exists()
    edit_paper(page, versions_follow_on=today() + dt.timedelta(days=7))
    engagement = publish_paper(page=page, by=None)
    assert list(engagement.paths) == ["en"]
    assert [one.language for one in ConsultationPage.objects.live()] == ["en"]
    assert set(engagement.paragraphs.get(block_id="p1").text) == {"en"}


def test_a_language_that_follows_joins_without_a_new_version() -> None:
    page = make_paper_draft(translate=False, versions_follow_on=today() + dt.timedelta(days=7))
    engagement = publish_paper(page=page, by=None)
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    row = engagement.paragraphs.get(block_id="p1")
    assert set(row.text) == {"en", "zh-hant", "zh-hans"}
    assert row.versions.get().text == row.text
    assert engagement.paper_versions.count() == 1


def test_an_empty_paper_is_refused() -> None:
    page = make_paper_draft(body=[chapter("c1", "Only a heading")])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "body"


def test_publishing_past_the_action_is_refused() -> None:
    page = make_paper_draft()
    revision = Revision.objects.get(pk=page.latest_revision_id)
    with pytest.raises(RuntimeError, match="publish_paper"):
        revision.publish()


def test_a_page_that_is_only_scheduled_writes_nothing() -> None:
    page = make_paper_draft()
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = clock.now() + dt.timedelta(days=3)
    draft.save_revision(clean=False).publish()
    page.refresh_from_db()
    assert not page.live
    assert page.engagement is not None
    assert page.engagement.state == "draft"
    assert not Paragraph.objects.exists()


def test_unsafe_rich_text_never_reaches_a_row() -> None:
    bad = (
        '<h1>Big</h1><p style="color:red" onclick="x()">Text <a href="javascript:x()">a</a>'
        '<a href="https://example.org/">b</a><script>x()</script></p>'
    )
    _page, engagement = make_paper(body=[chapter("c1", "Chapter", paragraph("p1", bad))])
    html = engagement.paragraphs.get().text["en"]
    assert "<h4>Big</h4>" in html
    assert "https://example.org/" in html
    for part in ("script", "style", "onclick", "javascript", "<h1"):
        assert part not in html
