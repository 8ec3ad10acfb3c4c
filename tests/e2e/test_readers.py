"""Citizens in the other languages and widths, with JavaScript and without, and two at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e import citizen_steps as citizen
from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e

# With the full journey (zh-hant, 390, without JavaScript) every pair of language, width and
# JavaScript is there once at least.
WAYS = [
    ("en", 390, True),
    ("en", 1280, False),
    ("zh-hant", 1280, True),
    ("zh-hans", 390, True),
    ("zh-hans", 1280, False),
]
NEXT = {"en": "zh-hans", "zh-hans": "zh-hant", "zh-hant": "en"}
COMMENT = "夜市好，但要有廁所。Toilets first."


@pytest.fixture(scope="module")
def paper(platform: Platform, bureau: str) -> dict[str, Any]:
    """An open paper whose comments are public at once."""
    return make(platform, "open_paper", title="街市夜間開放")


def _switch(walker: Walker, language: str) -> None:
    walker.press(f".hk-languages [lang='{_html(language)}']")
    walker.language = language


def _html(language: str) -> str:
    return {"en": "en", "zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}[language]


@pytest.mark.parametrize(("language", "width", "scripts"), WAYS)
def test_a_citizen_takes_part(
    people: Any, paper: dict[str, Any], language: str, width: int, scripts: bool
) -> None:
    name = f"{language}-{width}-{'js' if scripts else 'plain'}"
    email = f"{name}@people.example"
    walker: Walker = people(name, language=language, width=width, scripts=scripts)
    page = walker.page

    # Another language in the middle of the form: nothing typed is lost, there and back.
    walker.go(f"e/{paper['id']}/comment/?on=whole")
    page.fill("#comment [name=text]", COMMENT)
    page.check("#comment [name=publish_choice][value=name]")
    for other in (NEXT[language], language):
        _switch(walker, other)
        assert f"/{other}/e/" in page.url
        assert page.input_value("#comment [name=text]") == COMMENT
        assert page.is_checked("#comment [name=publish_choice][value=name]")
    assert page.locator(".govuk-error-summary").count() == 0

    receipt = citizen.comment(
        walker, paper["paths"][language], COMMENT, email=email, name=f"Reader {width} {language}"
    )
    walker.go(f"e/{paper['id']}/follow/")
    citizen.follow(walker, paper["id"])
    walker.go(receipt)
    assert COMMENT in walker.words()

    stranger: Walker = people(f"{name}-2", language=language, width=width, scripts=scripts)
    citizen.answer_cards(stranger, paper["id"], ["agree", "pass"], email=f"two-{email}")
    other_one: Walker = people(f"{name}-3", language=language, width=width, scripts=scripts)
    citizen.follow_by_mail(other_one, paper["id"], f"three-{email}")


# Each piece between two places where the heading may break, with the number of its lines.
PIECES = """() => [...document.querySelectorAll('main h1, main h2.hk-keep, .hk-card__title a')]
  .flatMap(title => [...title.childNodes])
  .filter(node => node.nodeType === 3 && /[\\u3400-\\u9fff]/.test(node.data))
  .map(node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const tops = [...range.getClientRects()].map(rect => Math.round(rect.top));
    return [node.data.trim(), new Set(tops).size];
  })"""


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_a_title_on_a_phone_never_breaks_inside_a_word(
    people: Any, platform: Platform, bureau: str, language: str
) -> None:
    title = "深水埗街市星期日延長開放時間至晚上十時並增設流動小販市集的建議"
    paper = make(platform, "open_paper", title=title)
    reader: Walker = people(f"title-{language}", language=language, width=390)
    for path in (paper["paths"][language], f"/{language}/consultations/"):
        reader.go(path)
        pieces = reader.page.evaluate(PIECES)
        assert [piece for piece, lines in pieces if lines != 1] == [], path
        # It does break: the title is too long for one line.
        assert len(pieces) > 8


def test_a_reader_is_told_of_a_new_comment_and_nothing_jumps(
    people: Any, platform: Platform, bureau: str
) -> None:
    paper = make(platform, "open_paper", title="街市星期日開放")
    reader: Walker = people("live-reader", language="en", width=1280)
    reader.go(paper["paths"]["en"])
    page = reader.page
    news = page.locator("[data-live-news]")
    assert news.is_hidden()
    page.evaluate(
        "() => { window.moved = 0; new PerformanceObserver(list => list.getEntries()"
        ".forEach(entry => { window.moved += entry.value; })).observe({type: 'layout-shift'}); }"
    )
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => scrollY > 0")
    before = page.evaluate("scrollY")
    writer: Walker = people("live-writer", language="en", width=390)
    citizen.comment(
        writer, paper["paths"]["en"], "First!", email="live@people.example", name="Quick one"
    )
    news.locator("a").wait_for()
    assert "1 new" in news.inner_text()
    assert page.evaluate("scrollY") == before
    assert page.evaluate("window.moved") < 0.05
    assert "First!" not in reader.words()
    reader.press(news.locator("a"))
    page.locator(".hk-para a[href*='/comments/']").wait_for()
