"""The box in the header, on a phone, by keyboard and without scripts, on the demo's data."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import axe_faults, opened, overflow
from tests.e2e.conftest import Platform

pytestmark = pytest.mark.e2e


def test_the_box_finds_in_the_other_script_and_narrows_without_scripts(
    browser: Browser, platform: Platform
) -> None:
    home = f"{platform.url}/zh-hant/"
    with opened(
        browser, home, viewport={"width": 390, "height": 844}, java_script_enabled=False
    ) as (page, complaints):
        page.get_by_role("search").get_by_role("searchbox").fill("图书馆")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/zh-hant/search/?q=" in page.url
        assert page.locator(".hk-card mark").first.inner_text() == "圖書館"
        before = page.locator(".hk-card").count()
        assert before > 1
        assert page.get_by_role("search").count() == 1
        page.locator(".hk-facets__more summary").click()
        page.locator("input[name=kind][value=chapter]").check()
        with page.expect_navigation():
            page.locator(".hk-facets button[type=submit]").click()
        assert "kind=chapter" in page.url
        assert 0 < page.locator(".hk-card").count() < before
        with page.expect_navigation():
            page.locator(".hk-chosen a").first.click()
        assert page.locator(".hk-card").count() == before
        with page.expect_navigation():
            page.locator(".hk-languages a", has_text="English").click()
        assert "/en/search/" in page.url
        assert page.get_by_role("searchbox").input_value() == "图书馆"
        assert page.locator(".hk-card").count() == before
        assert complaints == []
    for width in (390, 1280):
        for query in ("q=圖書館", "q=zzyzx", ""):
            with opened(
                browser,
                f"{platform.url}/zh-hant/search/?{query}",
                viewport={"width": width, "height": 844},
            ) as (page, complaints):
                assert axe_faults(page) == []
                assert overflow(page) <= 0
                assert complaints == []


def test_titles_under_the_box_by_keyboard(browser: Browser, platform: Platform) -> None:
    home = f"{platform.url}/zh-hant/"
    with opened(browser, home, viewport={"width": 390, "height": 844}) as (page, complaints):
        box = page.get_by_role("combobox", name="按字詞搜尋")
        box.press_sequentially("图书")
        titles = page.get_by_role("option")
        titles.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        assert titles.first.get_attribute("lang") == "zh-Hant-HK"
        box.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
        assert axe_faults(page) == []
        assert overflow(page) <= 0
        box.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        assert box.input_value() == "图书"
        box.press("ArrowDown")
        title = chosen.inner_text()
        with page.expect_navigation():
            box.press("Enter")
        assert page.get_by_role("combobox").input_value() == title
        assert page.locator(".hk-card__title").first.inner_text() == title
        assert complaints == []
    with opened(
        browser, f"{platform.url}/zh-hant/search/?q=都市固體廢勿收費", java_script_enabled=False
    ) as (page, _complaints):
        with page.expect_navigation():
            page.get_by_role("link", name="都市固體廢物收費", exact=True).click()
        assert page.locator(".hk-card").count() > 0
