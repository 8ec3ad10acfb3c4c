"""A finding: reported with a picture of which parts are hidden, and worked through by keyboard."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.walker import Walker

SEND = "#finding .hk-form-actions button[type=submit]"
PICTURE = ".hk-files__name a"


def screen(folder: Path) -> str:
    """A picture of a phone's screen: noise, so that what is hidden can be told from it."""
    path = folder / "screen.png"
    Image.effect_noise((360, 720), 90).convert("RGB").save(path)
    return str(path)


def colours(walker: Walker, picture: str, box: tuple[int, int, int, int]) -> int:
    """How many colours there are in a part of the picture the page shows."""
    address = walker.page.locator(picture).first.get_attribute("href")
    image = Image.open(io.BytesIO(walker.context.request.get(str(address)).body())).convert("RGB")
    return len(image.crop(box).getcolors(1_000_000) or [])


def report_at_step(walker: Walker, happened: str, picture: str) -> str:
    """What went wrong at step 1 of a try, for the bureau alone; the receipt's address."""
    page = walker.page
    walker.go(str(page.locator("main a[href*='/problem/?step=1']").get_attribute("href")))
    walker.look("report")
    page.fill("[name=happened]", happened)
    if not walker.scripts:
        page.set_input_files("[name=files]", picture)
    walker.press(SEND)
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.input_value("[name=happened]") == happened
    walker.look("report-refused")
    if walker.scripts:
        _draw(walker, picture)
    else:
        _tick(walker)
    page.check("[name=severity][value=stopped]")
    page.check("[name=publish_choice][value=confidential]")
    _send(walker)
    walker.look("receipt-finding")
    return page.url.split("#")[0]


def report_by_keyboard(walker: Walker, happened: str, picture: str) -> None:
    """From the product's page, for everybody to read: drawn over before anything is sent."""
    page = walker.page
    page.fill("[name=happened]", happened)
    page.select_option("[name=build]", label="1")
    _draw(walker, picture)
    walker.look("drawn")
    page.check("[name=severity][value=hard]")
    page.check("[name=publish_choice][value=alias]")
    _send(walker)
    walker.look("receipt-held")


def _tick(walker: Walker) -> None:
    """Boxes on the server hide parts: what is below is one colour, the rest is as it was."""
    walker.page.locator(".hk-hide__part input").first.check()
    walker.press("button[name=files_hide]")
    assert colours(walker, PICTURE, (0, 0, 90, 90)) == 1
    assert colours(walker, PICTURE, (100, 100, 200, 200)) > 50


def _draw(walker: Walker, picture: str) -> None:
    """A frame, moved and set with keys, on the reader's own device."""
    page = walker.page
    page.set_input_files("[name=files]", picture)
    drawn = page.locator(".hk-hide-drawn canvas")
    drawn.focus()
    drawn.press("ArrowUp")
    drawn.press("Shift+ArrowRight")
    drawn.press("Enter")
    expect(page.locator("[data-hk-hide-said]")).not_to_be_empty()


def _send(walker: Walker) -> None:
    walker.press(SEND)
    if walker.scripts:
        # It is shown once, already hidden; the second time it is sent.
        assert colours(walker, PICTURE, (120, 300, 240, 400)) < 4
        walker.press(SEND)
    assert "/receipts/" in walker.page.url, walker.words()


def triage(walker: Walker, happened: str) -> None:
    """By keyboard alone: one will be mended in a build to come; one is the same as one that is
    known, which is planned.
    """
    page = walker.page
    walker.look("board")
    walker.press("main .hk-card a >> nth=0")
    expect(page.locator("#item")).to_be_focused()
    walker.look("item")
    page.keyboard.press("m")
    expect(page.locator("#id_build")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("#id_version")).to_be_focused()
    page.keyboard.type("2")
    _save(walker)
    # The next one has the focus: the one who walks reported what was known already.
    expect(page.locator("#item")).to_be_focused()
    assert happened in walker.words()
    page.keyboard.press("d")
    page.wait_for_url("**/merge/**")
    walker.look("merge")
    walker.press("#merge button[type=submit]")
    walker.look("merged")
    walker.press("main a[href*='#item'] >> nth=0")
    page.keyboard.press("p")
    _save(walker)


def mended(walker: Walker, known: str) -> None:
    """The known one is mended in a build that is public, chosen from the list."""
    page = walker.page
    walker.press(page.locator("main .hk-card a", has_text=known).first)
    page.keyboard.press("m")
    expect(page.locator("#id_build")).to_be_focused()
    page.keyboard.press("ArrowDown")
    _save(walker)
    walker.look("board-mended")


def _save(walker: Walker) -> None:
    """'s' to the button, Enter on it, from outside the form's fields."""
    page = walker.page
    page.locator("#item").focus()
    page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")
