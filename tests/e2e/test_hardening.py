"""The running platform attacked from outside: markup in a real browser, sockets, bodies."""

from __future__ import annotations

import http.client
import json
import re

import pytest
from playwright.sync_api import Page
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.e2e.conftest import Platform
from tests.e2e.made import make

pytestmark = pytest.mark.e2e
BOMB = "'\"></p></title></textarea><xssmark><svg/onload=alert(1)><img src=x onerror=alert(1)>"
SEEN = 25


def _engagement(platform: Platform) -> str:
    return str(make(platform, "made_hardening.open_engagement")["id"])


def _refused(url: str, origin: str | None) -> int:
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)) as caught,
        connect(url, origin=origin) as socket,  # type: ignore[arg-type]
    ):
        socket.recv(timeout=10)
    error = caught.value
    return error.response.status_code if isinstance(error, InvalidStatus) else error.rcvd.code


def test_sockets_know_their_origin_and_close_on_what_they_cannot_read(platform: Platform) -> None:
    url = f"ws://127.0.0.1:{platform.port}/ws/e/{_engagement(platform)}/"
    for foreign in ("https://evil.example", "null", f"http://127.0.0.1.evil:{platform.port}"):
        assert _refused(url, foreign) == 403
    for sent, code in (("x" * 70_000, 1009), ("{", 1003), (b"\x00", 1003), ("[" * 20_000, 1003)):
        with connect(url, origin=platform.url) as socket:  # type: ignore[arg-type]
            assert set(json.loads(socket.recv(timeout=10))) == {"comments", "voters", "at"}
            socket.send(sent)
            with pytest.raises(ConnectionClosed) as caught:
                socket.recv(timeout=10)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == code


def test_a_body_over_the_limit_is_413_from_the_server_itself(platform: Platform) -> None:
    paths = ("/en/account/sign-in/", f"/en/e/{_engagement(platform)}/comment/")
    for path in paths:
        # A line of its own for each: one that waits is closed by the server after some seconds.
        away = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=30)
        away.request("GET", "/en/account/sign-in/")
        page = away.getresponse()
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        page.read()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        away.request("POST", path, "text=" + "x" * 2_000_000, headers)
        answer = away.getresponse()
        assert answer.status == 413
        assert answer.headers["X-Frame-Options"] == "DENY"
        answer.read()
        away.close()


def test_markup_of_theirs_does_nothing_in_a_browser(
    platform: Platform, page: Page, faults: list[str]
) -> None:
    make(platform, "made_hardening.plant", bomb=BOMB)
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    here = f"/en/e/{_engagement(platform)}/"
    for account, starts in (
        ("", ["/en/", "/en/consultations/", here, f"{here}comments/", f"{here}statements/"]),
        ("moderator@demo.example", ["/en/moderation/", "/en/account/", f"{here}statements/"]),
        ("officer@demo.example", [f"{here}comments/", "/en/account/notices/"]),
    ):
        if account:
            page.context.clear_cookies()
            page.goto("/en/account/sign-in/password/")
            page.fill("input[name=email]", account)
            page.fill("input[name=password]", "kaifong-demo-2026")
            page.click("main button[type=submit]")
        waiting, seen = list(starts), set(starts)
        while waiting and len(seen) - len(waiting) < SEEN:
            path = waiting.pop(0)
            page.goto(path)
            assert page.locator("xssmark, svg[onload], img[onerror]").count() == 0, path
            for link in page.eval_on_selector_all(
                "a[href]", "links => links.map(link => link.getAttribute('href'))"
            ):
                plain = link.partition("#")[0]
                shape = re.sub(r"/[a-z0-9]{12}/|=[^&]*", "", plain)
                if plain.startswith("/en/") and shape not in seen and not plain.endswith(".csv"):
                    seen |= {shape, plain}
                    if ".csv" not in plain and "own-data" not in plain and "json" not in plain:
                        waiting.append(plain)
    assert opened == []
