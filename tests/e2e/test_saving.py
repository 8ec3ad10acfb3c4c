"""The CMS saves by itself while somebody writes; the button's save and its own keep apart."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.e2e import staff_steps as staff
from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e


@pytest.fixture
def officer(people: Any, platform: Platform, bureau: str) -> Walker:
    """An officer in the editor of a draft, whose script has begun to watch for changes."""
    made = make(platform, "draft_paper", title="夜市儲存")
    walker: Walker = people("officer-saving", width=1280)
    staff.to_desk(walker, "officer")
    walker.page.add_init_script(
        "document.addEventListener('w-unsaved:watch-edits',"
        " () => { document.body.dataset.watching = 1; });"
        "document.addEventListener('w-autosave:save',"
        " event => { document.body.dataset.stopped = Number(event.defaultPrevented); });"
    )
    walker.go(f"/cms/pages/{made['page']}/edit/")
    expect(walker.page.locator("body[data-watching]")).to_be_attached(timeout=20_000)
    return walker


def own(request: Request) -> bool:
    """Whether this is the CMS's own save, not the button's."""
    return request.method == "POST" and request.headers["accept"] == "application/json"


def test_no_save_of_its_own_is_sent_after_the_button_was_pressed(officer: Walker) -> None:
    page, sent = officer.page, []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(own(route.request))
            # Nothing comes back: the page stays as it does while an answer is awaited.
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/edit/", answer)
    page.fill("[name=contact]", "環境衞生科\n電話：2868 0001")
    page.locator("button.action-save").click()
    # The CMS sees a change only now, and is stopped.
    page.fill("[name=contact]", "環境衞生科\n電話：2868 0002")
    expect(page.locator("body")).to_have_attribute("data-stopped", "1", timeout=20_000)
    assert sent == [False]
    page.unroute("**/edit/")


def test_the_button_waits_for_a_save_that_was_sent(officer: Walker) -> None:
    page, sent, waiting = officer.page, [], []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(own(route.request))
        if own(route.request) and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/edit/", hold)
    page.fill("[name=contact]", "環境衞生科\n電話：2868 0002")
    with page.expect_request(own):
        page.fill("[name=contact]", "環境衞生科\n電話：2868 0003")
    page.locator("button.action-save").click(no_wait_after=True)
    assert sent == [True], "the button's save waits for the one under way"
    with page.expect_navigation():
        waiting[0].continue_()
    page.unroute("**/edit/")
    assert sent == [True, False]
    assert page.input_value("[name=contact]").endswith("0003")
