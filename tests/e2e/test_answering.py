"""Answering a questionnaire on a phone: with scripts and without, in three languages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.walker import Walker, link_in, wait_for_mail

pytestmark = pytest.mark.e2e

#: Language and scripts, pairwise; the whole way each time.
WAYS = [("zh-hant", False), ("en", True), ("zh-hans", True)]


@pytest.fixture(scope="module")
def survey(platform: Platform, bureau: str) -> str:
    """The public id of an open paper with twelve questions."""
    return str(make(platform, "survey", title="圖書館開放時間")["id"])


def send(walker: Walker) -> None:
    """Save the page that is open and go on."""
    walker.press("#part button.govuk-button:not([name])")


def begin(walker: Walker, survey: str) -> str:
    base = f"/{walker.language}/e/{survey}/answer/"
    walker.go(base)
    walker.look("start")
    walker.press("#begin button[value=whole]")
    walker.look("tasks")
    assert walker.page.locator(".govuk-task-list__item").count() == 4
    walker.press(".govuk-task-list__link >> nth=0")
    walker.look("part-1")
    return base


def first_part(walker: Walker) -> None:
    """One question opens another: in place with scripts, as the next page without."""
    page = walker.page
    branches = page.locator("#box-q-branches")
    assert not branches.is_visible()
    page.check("[name=q-visits][value=yes]")
    if walker.scripts:
        assert branches.is_visible()
        assert not page.locator("#box-q-why-not").is_visible()
        page.check("[name=q-visits][value=no]")
        assert not branches.is_visible()
        page.check("[name=q-visits][value=yes]")
    else:
        send(walker)
        assert "/part/1/" in page.url
        walker.look("part-1-more")
        assert branches.is_visible()
    page.check("[name=q-branches][value=elsewhere]")
    page.fill("[name=q-branches-other]", "流動車")
    send(walker)
    assert "/part/2/" in page.url


def second_part(walker: Walker) -> None:
    page = walker.page
    walker.look("part-2")
    page.check("[name=q-evening][value='2']")
    for name, value in (("year", "2026"), ("month", "2"), ("day", "29")):
        page.fill(f"[name=q-begin_{name}]", value)
    send(walker)
    # There is no such day: said at the question, with everything kept.
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.input_value("[name=q-begin_day]") == "29"
    walker.look("part-2-refused")
    page.fill("[name=q-begin_day]", "28")
    send(walker)
    assert "/part/3/" in page.url


def rest_of_it(walker: Walker) -> None:
    page = walker.page
    walker.look("part-3")
    page.check("[name=q-uses][value=none]")
    page.fill("[name=q-ideas]", "星期日開放。")
    # Back saves what is typed, and it is there again.
    walker.press(".hk-back-button")
    assert "/part/2/" in page.url
    send(walker)
    assert page.input_value("[name=q-ideas]") == "星期日開放。"
    send(walker)
    walker.look("part-4")
    page.check("[name=q-keep]")
    send(walker)
    assert page.url.endswith("/check/")


@pytest.mark.parametrize(("language", "scripts"), WAYS)
def test_twelve_questions_from_the_start_to_the_receipt(
    people: Any, survey: str, language: str, scripts: bool
) -> None:
    walker: Walker = people(f"answers-{language}", language=language, scripts=scripts)
    email = f"answers-{language}@people.example"
    page = walker.page
    base = begin(walker, survey)
    first_part(walker)
    second_part(walker)
    rest_of_it(walker)
    walker.look("check")
    assert "流動車" in walker.words()
    # A change leads back to the check page.
    walker.press("a[href*='part/2/?check=1'] >> nth=0")
    page.check("[name=q-evening][value='3']")
    send(walker)
    assert page.url.endswith("/check/")
    page.check("#check [name=publish_choice][value=alias]")
    page.fill("#check [name=alias]", "夜歸讀者")
    walker.press("#check button.govuk-button")
    walker.confirm_email(email)
    assert page.url.endswith("/check/"), page.url
    assert page.input_value("#check [name=alias]") == "夜歸讀者"
    walker.look("check-signed-in")
    walker.press("#check button.govuk-button")
    assert "/receipts/" in page.url, walker.words()
    walker.look("receipt")
    assert "星期日開放。" in walker.words()
    receipt = page.url
    wait_for_mail(walker, email, about="/receipts/")

    walker.press("a[href*='/about-you/']")
    walker.look("about-you")
    page.check("[name=age][value='25-34']")
    walker.press("#about-you button.govuk-button")
    assert page.url == receipt

    walker.press("a[href*='/answer/change/']")
    walker.look("change")
    walker.press("#change button.govuk-button")
    walker.press("a[href*='part/3/?check=1'] >> nth=2")
    page.fill("[name=q-ideas]", "星期日和晚上開放。")
    send(walker)
    walker.press("#check button.govuk-button")
    assert page.url == receipt
    assert "星期日和晚上開放。" in walker.words()

    with page.expect_download() as copy:
        page.locator("a[href*='/answer/copy/']").click()
    text = copy.value.path().read_text(encoding="utf-8")
    assert "星期日和晚上開放。" in text
    # Answering again says what it would replace.
    walker.go(base)
    walker.look("start-again")
    assert page.locator("a[href*='/receipts/']").count() == 1


def test_a_draft_survives_the_browser_and_comes_back_by_mail(people: Any, survey: str) -> None:
    email = "returns@people.example"
    first: Walker = people("returns-first")
    begin(first, survey)
    first.go(f"/zh-hant/e/{survey}/answer/part/3/")
    page = first.page
    page.fill("[name=q-best]", "安靜")
    # After a rest it is on the server, without a button pressed.
    page.locator("[data-hk-saved]", has_text="已於").wait_for()
    page.reload()
    assert page.input_value("[name=q-best]") == "安靜"
    page.fill("[name=q-ideas]", "打到一半")
    first.press("[name=go][value=later]")
    first.look("later")
    first.send("#later", email=email)
    first.look("later-sent")
    link = link_in(wait_for_mail(first, email), "/answer/back/")
    first.close()
    second: Walker = people("returns-second", scripts=False)
    second.go(link)
    second.look("back")
    second.press("#back button")
    second.go(f"/zh-hant/e/{survey}/answer/part/3/")
    assert second.page.input_value("[name=q-best]") == "安靜"
    assert second.page.input_value("[name=q-ideas]") == "打到一半"


def test_the_short_way_has_few_questions(people: Any, survey: str) -> None:
    walker: Walker = people("short-way")
    walker.go(f"/zh-hant/e/{survey}/answer/")
    walker.press("#begin button[value=key]")
    pages = 0
    while "/part/" in walker.page.url:
        pages += 1
        assert walker.page.locator("[data-hk-question]:visible").count() <= 4
        walker.page.locator("input[type=radio]").first.check()
        send(walker)
    assert pages == 2
    walker.look("check-short")
    # Every target a thumb has to hit is large enough.
    for button in walker.page.locator("main button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 24
