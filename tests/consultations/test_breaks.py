"""Chinese titles break between words: found at each save, corrected by officers, never more."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from consultations.actions.breaks import correct_breaks, keep_answer_breaks
from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage
from consultations.translation import sentences
from core import clock
from core.exceptions import Invalid, Refused
from core.models import AuditEntry
from core.segments import MARK
from participation.models import Engagement, Outcome, OutcomeItem
from tests.factories.consultations import (
    chapter,
    edit_paper,
    make_paper,
    make_paper_draft,
    paragraph,
)
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db

TITLE = "都市固體廢物收費"
BROKEN = "都市<wbr>固體廢物<wbr>收費"


def words_of(page: ConsultationPage) -> dict[str, str]:
    kept = Engagement.objects.get(translation_key=page.translation_key).title_words
    return {title: words.replace(MARK, "|") for title, words in kept.items()}


@pytest.mark.db
def test_each_save_finds_the_words_of_new_titles_and_forgets_old_ones() -> None:
    page = make_paper_draft(
        language="zh-hant",
        title=TITLE,
        body=[chapter("c1", "收費安排", paragraph("p1", "每袋十元。"))],
        translate=False,
    )
    assert words_of(page) == {
        TITLE: "都市|固體廢物|收費",
        "收費安排": "收費|安排",
        "都市固体废物收费": "都市|固体废物|收费",
        "收费安排": "收费|安排",
    }
    edit_paper(page, title="公共圖書館", body=[])
    assert words_of(page) == {"公共圖書館": "公共|圖書館", "公共图书馆": "公共|图书馆"}


def test_a_translation_has_its_words_too() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, title="Waste charging", translate=False)
    assert words_of(page) == {}
    row = next(row for row in sentences(page) if row.field_name == "title")
    save_translations(page=page, language="zh-hant", texts={row.key: TITLE}, by=officer)
    assert words_of(page)[TITLE] == "都市|固體廢物|收費"


@pytest.mark.parametrize(("language", "code"), [("zh-hant", "都市"), ("zh-hans", "都市")])
def test_readers_get_the_breaks_wherever_a_title_stands(
    client: Client, language: str, code: str
) -> None:
    _page, engagement = make_paper(
        language="zh-hant",
        title=TITLE,
        body=[chapter("c1", "收費安排", paragraph("p1", "每袋十元。"))],
    )
    title, heading = {
        "zh-hant": (BROKEN, "收費<wbr>安排"),
        "zh-hans": ("都市<wbr>固体废物<wbr>收费", "收费<wbr>安排"),
    }[language]
    here = f"/{language}/e/{engagement.public_id}/statements/"
    for path in (f"/{language}/", f"/{language}/consultations/", here, f"{here}results/"):
        assert title in client.get(path).content.decode(), path
    html = client.get(engagement.paths[language]).content.decode()
    assert re.search(rf"<h1[^>]*>{title}</h1>", html)
    assert f"1. {heading}</h2>" in html
    # Nowhere else: titles of tabs, cards of other sites and feeds are plain.
    assert MARK not in html
    assert f"<title>{title.replace('<wbr>', '')} " in html
    feed = client.get(f"/{language}/consultations/feed/").content.decode()
    assert MARK not in feed
    assert "wbr" not in feed


def test_a_changed_title_has_no_breaks_of_another() -> None:
    with override("zh-hant"):
        shown = Template("{% load kaifong %}{% title name words %}")

        def render(name: object, words: object) -> str:
            return shown.render(Context({"name": name, "words": words}))

        kept = {TITLE: f"都市{MARK}固體廢物{MARK}收費", "另一個": f"錯{MARK}的"}
        assert render({"zh-hant": TITLE, "en": "Waste"}, kept) == BROKEN
        assert render("另一個", kept) == "另一個"
        assert render("新的：題目", kept) == "新的：<wbr>題目"
        assert render("《題目》（一）", None) == "《題目》<wbr>（一）"
        assert render("<b>", {"<b>": f"<{MARK}b>"}) == "&lt;<wbr>b&gt;"
    missing = Template("{% load kaifong %}{% title card.title card.words %}")
    assert missing.render(Context({"card": {"title": "a"}})) == "a"


def test_an_officer_corrects_them_and_readers_see_it_at_once(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    officer = make_officer()
    page, engagement = make_paper(by=officer, language="zh-hant", title=TITLE, body=_body())
    path = engagement.paths["zh-hant"]
    cache.clear()
    assert BROKEN in client.get(path).content.decode()
    client.force_login(officer)
    here = f"/cms/desk/{engagement.public_id}/"
    assert f'href="{here}breaks/"' in client.get(here).content.decode()
    shown = client.get(f"{here}breaks/").content.decode()
    assert 'value="都市|固體廢物|收費"' in shown
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{here}breaks/", {"t-1": "都市固體|廢物收費", "t-2": "|背景|"})
    assert response.status_code == 302
    assert words_of(page)[TITLE] == "都市固體|廢物收費"
    assert words_of(page)["背景"] == "背景"
    assert "都市固體<wbr>廢物收費" in client.get(path).content.decode()
    # It stands through later saves.
    edit_paper(page, by=officer, summary="另一個摘要。")
    assert words_of(page)[TITLE] == "都市固體|廢物收費"
    assert AuditEntry.objects.filter(verb="paper.breaks").count() == 1


def _body() -> list[dict[str, object]]:
    return [chapter("c1", "背景", paragraph("p1", "每袋十元。"))]


def test_only_bars_and_only_by_the_bureau(client: Client) -> None:
    officer, other = make_officer(), make_officer(make_bureau("LCSD"))
    page = make_paper_draft(by=officer, language="zh-hant", title=TITLE)
    before = words_of(page)
    with pytest.raises(Refused):
        correct_breaks(page=page, typed=["都市固體|廢物收費"], by=other)
    for wrong in ("都市|固體廢物", "", "都市固體廢物收費！", "<b>都市固體廢物收費", "a\x00b"):
        with pytest.raises(Invalid):
            correct_breaks(page=page, typed=["都市固體|廢物收費", wrong], by=officer)
    client.force_login(officer)
    path = f"/cms/desk/{page.engagement.public_id}/breaks/"
    response = client.post(path, {"t-1": "都市|固體"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "the words stay as they are" in html
    assert 'value="都市|固體"' in html
    assert words_of(page) == before


def test_statements_that_are_answered_have_their_words() -> None:
    text = "我住的地區需要一個准許狗隻進入的公園。"
    _page, engagement = make_paper(language="zh-hant", title=TITLE)
    statement = make_statement(engagement, texts={"zh-hant": text})
    keep_answer_breaks(engagement)
    engagement.refresh_from_db()
    assert text not in engagement.title_words
    outcome = Outcome.objects.create(engagement=engagement, updated_at=clock.now())
    OutcomeItem.objects.create(
        outcome=outcome,
        target_kind="statement",
        target_key=statement.public_id,
        updated_at=clock.now(),
    )
    keep_answer_breaks(engagement)
    engagement.refresh_from_db()
    assert "准許狗隻" in engagement.title_words[text].split(MARK)
    assert TITLE in engagement.title_words
