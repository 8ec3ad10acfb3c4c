"""The first minute of a newcomer: what `make serve` started answers, in three languages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from core.texts import html_lang
from tests.e2e.conftest import ROOT, Platform

pytestmark = pytest.mark.e2e

LANGUAGES = ("en", "zh-hant", "zh-hans")
WIDTHS = (390, 1280)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_open(page: Page, faults, axe, language, width):
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("consultations/", "about/how/"):
        answer = page.goto(f"/{language}/{path}")
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("html")).to_have_attribute("lang", html_lang(language))
        expect(page.locator("h1")).to_have_count(1)
        assert axe() == []
        # Nothing hangs over the edge of a narrow screen.
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_site_still_says_what_will_be_here(page: Page, empty_platform, faults, language):
    for path in ("consultations/", "about/how/", "about/accessibility/", "about/sitemap/"):
        answer = page.goto(f"{empty_platform.url}/{language}/{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert len(page.locator("main").inner_text()) > 20, path


def test_the_process_answers_its_health(platform):
    with urllib.request.urlopen(f"{platform.url}/healthz") as answer:
        assert answer.status == 200


def test_a_second_process_on_the_same_data_is_refused(platform):
    done = subprocess.run(
        [sys.executable, "manage.py", "serve_embedded", "--port", "0"],
        cwd=ROOT,
        env=platform.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "already serves this var/ folder" in done.stderr


def test_the_process_ends_in_order(empty_data, tmp_path):
    running = Platform(shutil.copytree(empty_data, tmp_path / "data"), demo=False)
    assert running.end() == 0
    assert running.lines[-1] == "Ended."


def test_an_unknown_socket_is_closed_in_order(page: Page, platform):
    page.goto(f"{platform.url}/en/about/how/")
    before = len(platform.lines)
    code = page.evaluate(
        """port => new Promise(resolve => {
            const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/nowhere/`);
            socket.onclose = event => resolve(event.code);
        })""",
        platform.port,
    )
    # The handshake is refused, which a browser reports as 1006.
    assert code == 1006
    assert not any("Traceback" in line for line in platform.lines[before:])
