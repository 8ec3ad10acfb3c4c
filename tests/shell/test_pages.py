"""The standard pages: all there, in three languages, saying what is so."""

import re
from pathlib import Path

import opencc
import pytest
from django.test import Client

from core.views import ABOUT_PAGES
from moderation.rules import RULES

pytestmark = pytest.mark.django_db

ABOUT = Path(__file__).resolve().parents[2] / "site/core/templates/core/about"
LANGUAGES = ("en", "zh-hant", "zh-hans")


@pytest.mark.parametrize("slug", ABOUT_PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_and_is_whole(slug: str, language: str) -> None:
    response = Client().get(f"/{language}/about/{slug}/")
    html = response.content.decode()
    main = html.split("<main")[1].split("</main>")[0]
    assert response.status_code == 200
    assert len(re.findall("<h1", main)) == 1
    assert len(re.sub(r"<[^>]+>|\s", "", main)) > 40
    assert "{{" not in main
    assert f"/{language}/about/" in html
    has_chinese = bool(re.search("[\u4e00-\u9fff]", main))
    assert has_chinese == (language != "en")


def test_an_unknown_page_is_a_404() -> None:
    assert Client().get("/en/about/nothing/").status_code == 404
    assert Client().post("/en/about/how/").status_code == 405


@pytest.mark.parametrize("slug", ABOUT_PAGES)
def test_simplified_pages_hold_no_traditional(slug: str) -> None:
    text = (ABOUT / f"{slug}.zh-hans.html").read_text()
    assert opencc.OpenCC("hk2s").convert(text) == text


@pytest.mark.parametrize("slug", ABOUT_PAGES)
def test_the_three_versions_have_the_same_parts(slug: str) -> None:
    shapes = {
        tuple(re.findall(r"<(h2|h3|li|tr|p)\b", (ABOUT / f"{slug}.{language}.html").read_text()))
        for language in LANGUAGES
    }
    assert len(shapes) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_house_rules_are_the_reasons_moderators_give(language: str) -> None:
    html = Client().get(f"/{language}/about/rules/").content.decode()
    for rule in RULES.values():
        entry = html.split(f'<li id="{rule.id}">')[1].split("</li>")[0].replace("&#x27;", "'")
        assert rule.label[language] in entry
        assert rule.sentence[language] in entry


def test_the_notice_on_simplified_chinese() -> None:
    html = Client().get("/zh-hant/about/notices/").content.decode()
    assert "簡體版本如與原文有差異，概以繁體版本為準" in html
