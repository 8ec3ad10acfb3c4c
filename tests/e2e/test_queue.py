"""A moderator clears the queue: by keys, by buttons, with JavaScript off (GATE-K1 to K3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import Account
from moderation.models import Decision, Item
from tests.e2e.browser import axe_faults, overflow
from tests.factories.accounts import make_account, make_moderator
from tests.factories.moderation import make_item, target_registered

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SIZES = [(390, 844), (1280, 900)]
FOCUS = "() => { const e = document.activeElement; return e.name || e.id || e.tagName }"


@pytest.fixture(autouse=True)
def target() -> Iterator[None]:
    with target_registered():
        yield


@pytest.fixture
def items() -> list[Item]:
    return [make_item(make_account(name=f"Name {number}")) for number in range(3)]


@contextmanager
def moderating(browser: Browser, server, account: Account, **options) -> Iterator[Page]:
    client = Client()
    client.force_login(account)
    context = browser.new_context(**options)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    try:
        yield page
    finally:
        context.close()


def address(server, item: Item, language: str = "en") -> str:
    return f"{server.url}/{language}/moderation/{item.kind}/{item.public_id}/#item"


def test_keys_go_on_publish_and_withhold(browser, live_server, items):
    with moderating(browser, live_server, make_moderator()) as page:
        page.goto(address(live_server, items[0]))
        assert page.evaluate(FOCUS) == "item"
        assert "1 of 3" in page.inner_text("h1")
        page.keyboard.press("j")
        page.wait_for_url(f"**/{items[1].public_id}/#item")
        page.keyboard.press("k")
        page.wait_for_url(f"**/{items[0].public_id}/#item")
        # One press only leads to the button; the second acts.
        page.keyboard.press("p")
        assert page.evaluate(FOCUS) == "verdict"
        assert not Decision.objects.exists()
        page.keyboard.press("p")
        page.wait_for_url(f"**/{items[1].public_id}/#item")
        assert page.evaluate(FOCUS) == "item"
        assert "1 of 2" in page.inner_text("h1")
        # Withholding asks for a rule first.
        page.keyboard.press("w")
        assert page.evaluate(FOCUS) == "rule"
        page.keyboard.press("Space")
        page.keyboard.press("w")
        assert page.evaluate(FOCUS) == "verdict"
        page.keyboard.press("w")
        page.wait_for_url(f"**/{items[2].public_id}/#item")
    verdicts = Decision.objects.order_by("pk").values_list("verdict", "rule")
    assert list(verdicts) == [("publish", ""), ("withhold", "r1")]


def test_no_key_works_while_typing_composing_or_outside_the_region(browser, live_server, items):
    with moderating(browser, live_server, make_moderator()) as page:
        page.goto(address(live_server, items[0]))
        page.focus("textarea[name=sentence]")
        page.keyboard.type("jkpw?")
        assert page.input_value("textarea[name=sentence]") == "jkpw?"
        assert page.is_hidden("#queue-keys")
        # A Chinese word being composed on a control that is not a text box.
        page.focus("#item")
        for key in "jkpw?":
            page.evaluate(
                """key => document.getElementById("item").dispatchEvent(new KeyboardEvent(
                    "keydown", {key, isComposing: true, keyCode: 229, bubbles: true}))""",
                key,
            )
        page.focus("header a")
        for key in "jkpw?":
            page.keyboard.press(key)
        page.focus("#item")
        page.keyboard.press("Control+p")
        assert page.url == address(live_server, items[0])
        assert page.is_hidden("#queue-keys")
    assert not Decision.objects.exists()


def test_keys_are_explained_and_can_be_switched_off_for_good(browser, live_server, items):
    with moderating(browser, live_server, make_moderator()) as page:
        page.goto(address(live_server, items[0]))
        page.keyboard.press("?")
        assert page.is_visible("#queue-keys")
        switch = page.locator("[data-hk-keys-switch]")
        assert switch.get_attribute("aria-pressed") == "true"
        switch.click()
        assert switch.get_attribute("aria-pressed") == "false"
        page.goto(address(live_server, items[1]))
        page.keyboard.press("j")
        page.keyboard.press("p")
        assert page.url == address(live_server, items[1])
        assert page.evaluate(FOCUS) == "item"
        # Each key has a button of its own.
        for text in ("Previous", "Next, without deciding", "Publish", "Withhold", "Show the keys"):
            assert page.locator("#item").get_by_text(text, exact=True).first.is_visible()


def test_the_queue_is_cleared_with_javascript_off(browser, live_server, items):
    with moderating(browser, live_server, make_moderator(), java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/zh-hant/moderation/")
        page.click("a.govuk-button")
        page.click("button[value=publish]")
        page.click("button[value=withhold]")
        assert page.locator(".govuk-error-summary").count() == 1
        page.check("input[name=rule][value=r4]")
        page.fill("textarea[name=sentence]", "請刪去連結。")
        page.click("button[value=withhold]")
        page.check("input[name=rule][value=r7]")
        page.click("button[value=withhold]")
        assert page.url.partition("#")[0] == f"{live_server.url}/zh-hant/moderation/"
        assert page.locator(".hk-queue-item").count() == 0
    assert Decision.objects.filter(verdict="withhold").count() == 2
    assert Decision.objects.get(rule="r4").sentence == "請刪去連結。"


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_pages_pass_axe_and_fit(browser, live_server, tree, items, language):
    moderator = make_moderator()
    target = f"{items[0].kind}/{items[0].target_id}"
    for width, height in SIZES:
        size = {"width": width, "height": height}
        with moderating(browser, live_server, moderator, viewport=size) as page:
            complaints: list[str] = []
            page.on(
                "console",
                lambda message, found=complaints: (
                    found.append(message.text) if message.type == "error" else None
                ),
            )
            for url in (
                f"{live_server.url}/{language}/moderation/",
                address(live_server, items[1], language),
                f"{live_server.url}/{language}/report/{target}/",
                f"{live_server.url}/{language}/report/{target}/thanks/",
                f"{live_server.url}/{language}/account/notices/",
            ):
                page.goto(url)
                assert axe_faults(page) == []
                assert overflow(page) <= 0
            assert complaints == []
