"""A finding from the step where it was met, without an account, to the build that mends it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import Platform
from tests.e2e.made import PASSWORD, STAFF, make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e

HAPPENED = "按預訂之後畫面變成一片空白"
EMAIL = "finder@people.example"


def _screen(folder: Path) -> str:
    """A picture of a phone's screen: noise, so that what is hidden can be told from it."""
    path = folder / "screen.png"
    Image.effect_noise((360, 720), 90).convert("RGB").save(path)
    return str(path)


def _colours(walker: Walker, picture: str, box: tuple[int, int, int, int]) -> int:
    """How many colours there are in a part of the picture the page shows."""
    address = walker.page.locator(picture).first.get_attribute("href")
    image = Image.open(io.BytesIO(walker.context.request.get(str(address)).body())).convert("RGB")
    return len(image.crop(box).getcolors(1_000_000) or [])


def test_from_a_step_without_an_account_to_mended_in_the_next_build(
    people: Any, platform: Platform, bureau: str, tmp_path: Path
) -> None:
    made = make(platform, "made_findings.tested", title="試訂座位")
    round_id, screen = made["id"], _screen(tmp_path)

    # Somebody without an account, on a phone without scripts: boxes hide parts of the picture.
    finder: Walker = people("finding-guest", scripts=False)
    page = finder.page
    finder.go(made["path"])
    finder.look("round")
    finder.go(f"e/{round_id}/try/")
    finder.press("#begin button")
    finder.look("step")
    finder.go(str(page.locator("main a[href*='/problem/?step=1']").get_attribute("href")))
    finder.look("report")
    page.fill("[name=happened]", HAPPENED)
    page.set_input_files("[name=files]", screen)
    finder.press("#finding .hk-form-actions button[type=submit]")
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.input_value("[name=happened]") == HAPPENED
    finder.look("report-refused")
    page.locator(".hk-hide__part input").first.check()
    finder.press("button[name=files_hide]")
    assert _colours(finder, ".hk-files__name a", (0, 0, 90, 90)) == 1
    assert _colours(finder, ".hk-files__name a", (100, 100, 200, 200)) > 50
    page.check("[name=severity][value=stopped]")
    page.check("[name=publish_choice][value=confidential]")
    finder.press("#finding .hk-form-actions button[type=submit]")
    assert "/receipts/" in page.url, finder.words()
    finder.look("receipt")
    receipt = page.url.split("#")[0]

    # Somebody signed in, with scripts: drawn over with the keyboard before anything is sent.
    member: Walker = people("finding-member", language="en")
    page = member.page
    member.go(f"e/{made['product']}/problem/")
    member.confirm_email(EMAIL)
    page.fill("[name=happened]", "The list of seats is empty on my tablet.")
    page.select_option("[name=build]", label="1")
    page.set_input_files("[name=files]", screen)
    drawn = page.locator(".hk-hide-drawn canvas")
    drawn.focus()
    drawn.press("ArrowUp")
    drawn.press("Shift+ArrowRight")
    drawn.press("Enter")
    expect(page.locator("[data-hk-hide-said]")).not_to_be_empty()
    member.look("drawn")
    page.check("[name=severity][value=hard]")
    page.check("[name=publish_choice][value=confidential]")
    member.press("#finding .hk-form-actions button[type=submit]")
    # It is shown once, already hidden; the second time it is sent.
    assert _colours(member, ".hk-files__name a", (120, 300, 240, 400)) < 4
    member.press("#finding .hk-form-actions button[type=submit]")
    assert "/receipts/" in page.url, member.words()

    # The officer works through the board by keyboard alone.
    officer: Walker = people("finding-officer", width=1280)
    desk = f"/zh-hant/e/{made['product']}/findings/desk/"
    officer.sign_in_by_password(STAFF["officer"], PASSWORD, desk)
    officer.look("board")
    page = officer.page
    officer.press("main .hk-card a >> nth=0")
    expect(page.locator("#item")).to_be_focused()
    officer.look("item")
    page.keyboard.press("m")
    expect(page.locator("#id_build")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.locator("#id_build").blur()
    page.locator("#item").focus()
    page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # The next one has the focus: the guest's, which is the same as the one that was known.
    expect(page.locator("#item")).to_be_focused()
    assert HAPPENED in officer.words()
    page.keyboard.press("d")
    page.wait_for_url("**/merge/**")
    officer.look("merge")
    officer.press("#merge button[type=submit]")
    officer.press("main a[href*='#item'] >> nth=0")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.locator("#item").focus()
    page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    # Everybody is told: by notice and mail, by the receipt's code, on the public pages.
    member.go("account/findings/")
    member.look("mine")
    assert "Mended in build 2" in member.words()
    member.go("account/notices/")
    assert "shipped in build 2" in member.words()
    finder.go(receipt)
    assert "已在版本2修正" in finder.words()
    finder.look("receipt-mended")
    finder.go(made["product_path"])
    finder.look("product")
    assert "版本2修正了2項問題" in finder.words()
    finder.go(f"e/{round_id}/findings/")
    finder.look("findings")
