"""A citizen's way with an idea: found, written first, signed in last, written on, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    "who", [("zh-hant", 390, False), ("en", 390, False), ("zh-hans", 1280, True)]
)
def test_an_idea_from_the_list_of_contests_to_its_withdrawal(
    people: Any, platform: Platform, bureau: str, who: tuple[str, int, bool]
) -> None:
    language, width, scripts = who
    title = f"街市點子{language}"
    citizen: Walker = people(f"ideas-{language}", language=language, width=width, scripts=scripts)
    page = citizen.page
    # The list is kept from here on: what another process publishes must reach it all the same.
    citizen.go("contests/")
    made = make(platform, "made_contest.call", title=title)
    citizen.go("contests/")
    citizen.look("contests")
    citizen.press(f"main a[href='{made['paths'][language]}']")
    citizen.look("contest")
    citizen.press(f"main a[href$='/e/{made['id']}/ideas/']")
    assert "seed=" in page.url
    citizen.look("ideas")
    assert "街市加裝風扇" in citizen.words()
    citizen.press(f"main a[href*='/e/{made['id']}/ideas/1/']")
    citizen.look("one")
    citizen.press("main nav a[rel=next]")

    citizen.go(f"e/{made['id']}/ideas/write/")
    citizen.look("write")
    citizen.press("#idea button[type=submit]:not([formaction])")
    assert page.locator(".govuk-error-summary").count() == 1
    citizen.look("write-refused")
    page.fill("#idea [name=title]", "街市裝風扇")
    if scripts:
        page.locator("#similar-ideas a").first.wait_for()
        citizen.look("similar")
    page.fill("#idea [name=text]", "每條通道都要有風。")
    citizen.press("#idea button[type=submit]:not([formaction])")
    assert "街市加裝風扇" in citizen.words(), "ideas like it are shown before it is handed in"
    citizen.look("check")
    citizen.press("#check button[type=submit]:not([formaction])")
    citizen.confirm_email(f"ideas-{language}@people.example")
    assert "/ideas/check/" in page.url, page.url
    citizen.look("check-signed-in")
    citizen.send("#check", display_name=f"風扇街坊{width}{language[-1]}")
    assert "/receipts/" in page.url, citizen.words()
    citizen.look("receipt")
    receipt = page.url

    citizen.press("main a[href$='/edit/']")
    citizen.look("edit")
    page.fill("#idea [name=tags]", "風扇, 涼快")
    page.select_option("#idea [name=district]", "sham-shui-po")
    page.fill("#idea [name=place]", "北河街街市")
    page.fill("#idea [name=title]", "街市通道裝風扇")
    citizen.press("#idea button[type=submit]:not([formaction])")
    assert page.url == receipt
    citizen.press("main a[href$='/versions/']")
    citizen.look("versions")
    assert page.locator("ins").count() > 0
    citizen.go(receipt)
    citizen.press("main section a[href*='/ideas/'] >> nth=0")
    citizen.look("idea")
    assert "街市通道裝風扇" in citizen.words("h1")
    assert "北河街街市" in citizen.words()
    citizen.press("main a[href*='/comment/?on=idea-']")
    citizen.look("comment-on-idea")
    citizen.go("account/")
    citizen.look("my-ideas")
    assert "街市通道裝風扇" in citizen.words("#my-ideas")

    citizen.go(receipt)
    citizen.press("main a[href$='/withdraw/']")
    citizen.look("withdraw")
    citizen.press("#withdraw button[type=submit]:not([formaction])")
    citizen.look("withdrawn")
    citizen.go(f"e/{made['id']}/ideas/?seed=3")
    assert "街市通道裝風扇" not in citizen.words()
