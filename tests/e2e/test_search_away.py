"""Elasticsearch dies, sleeps, is emptied, mangled and locked while people search and publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Platform
from tests.e2e.elastic_server import Elastic, own_elastic
from tests.e2e.made import make
from tests.e2e.walker import Walker
from tests.search.way import Way, way_to

pytestmark = pytest.mark.e2e
#: Milliseconds in which a page of hits is there.
ANSWERED = 2_000
RESERVE = "後備系統"
#: Longer than the breaker's pause.
NOTICED = 30
INDEX = "kaifong"
Fault = Callable[[Elastic, Way], None]


def dies(server: Elastic, _way: Way) -> None:
    server.kill()


def comes_back(server: Elastic, _way: Way) -> None:
    server.back()


def sleeps(_server: Elastic, way: Way) -> None:
    way.mode = "silent"


def wakes(_server: Elastic, way: Way) -> None:
    way.mode = "through"


def is_emptied(server: Elastic, _way: Way) -> None:
    for name in server.ask("GET", f"_alias/{INDEX}"):
        server.ask("DELETE", name)


def is_mangled(server: Elastic, way: Way) -> None:
    is_emptied(server, way)
    mappings = {"properties": {"number": {"type": "text"}, "tokens": {"type": "integer"}}}
    server.ask("PUT", f"{INDEX}-foreign", {"mappings": mappings, "aliases": {INDEX: {}}})


def is_locked(server: Elastic, _way: Way) -> None:
    _lock(server, value=True)


def is_unlocked(server: Elastic, _way: Way) -> None:
    _lock(server, value=None)


def _lock(server: Elastic, *, value: bool | None) -> None:
    """As a server does whose disk is full."""
    server.ask("PUT", f"{INDEX}/_settings", {"index.blocks.read_only_allow_delete": value})


def nothing(_server: Elastic, _way: Way) -> None:
    """It is mended by the clock."""


#: What happens, what ends it, and whether the database's own index has to answer meanwhile.
FAULTS: list[tuple[Fault, Fault, bool]] = [
    (is_locked, is_unlocked, False),
    (dies, comes_back, True),
    (sleeps, wakes, True),
    (is_emptied, nothing, True),
    (is_mangled, nothing, True),
]


@contextmanager
def platform_on(server: Elastic, folder: Path) -> Iterator[tuple[Platform, Way]]:
    with way_to(server.url) as way:
        named = {"SEARCH_ENGINE": "elasticsearch", "ELASTICSEARCH_URL": way.url()}
        running = Platform(folder, demo=False, more=named)
        try:
            yield running, way
        finally:
            running.end()


def search(walker: Walker, text: str) -> str:
    """The page of hits, in time."""
    page = walker.go(f"search/?q={text}")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    assert took < ANSWERED, took
    return walker.words()


def hand_in(walker: Walker, contest: str, title: str) -> None:
    """A new idea, public at once."""
    walker.go(f"e/{contest}/ideas/write/")
    walker.page.fill("#idea [name=title]", title)
    walker.page.fill("#idea [name=text]", "每條通道都要有。")
    walker.press("#idea button[type=submit]:not([formaction])")
    walker.press("#check button[type=submit]:not([formaction])")


def rename(walker: Walker, receipt: str, title: str) -> None:
    """The idea is called otherwise from now on."""
    walker.go(receipt)
    walker.press("main a[href$='/edit/']")
    walker.page.fill("#idea [name=title]", title)
    walker.press("#idea button[type=submit]:not([formaction])")
    assert walker.page.url == receipt, walker.words()


def found_without_reserve(walker: Walker, text: str) -> None:
    end = time.monotonic() + NOTICED
    while RESERVE in (words := search(walker, text)):
        assert time.monotonic() < end, "Elasticsearch is back and nobody asks it."
        time.sleep(1)
    assert text in words


def test_no_fault_of_the_server_costs_a_search_or_a_text(
    browser: Browser, empty_data: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(empty_data, tmp_path / "away")
    with (
        own_elastic() as server,
        platform_on(server, folder) as (platform, way),
        Walker(browser, platform.url, language="zh-hant", width=1280) as citizen,
    ):
        make(platform, "staff")
        contest = make(platform, "made_contest.call", title="街市點子")["id"]
        make(platform, "made_search.clock")
        hand_in(citizen, contest, "檔口加裝雨簷")
        citizen.confirm_email("search-away@people.example")
        citizen.send("#check", display_name="雨簷街坊")
        receipt, called = citizen.page.url, "檔口加裝雨簷"
        found_without_reserve(citizen, called)
        for number, (happens, ends, reserve) in enumerate(FAULTS, start=1):
            happens(server, way)
            assert (RESERVE in search(citizen, called)) is reserve, happens
            assert called in citizen.words()
            called = f"第{number}排檔口裝燈"
            rename(citizen, receipt, called)
            assert called in search(citizen, called), "found from its commit on"
            ends(server, way)
            make(platform, "made_search.clock")
            assert make(platform, "made_search.differences") == {
                "said": "0 differences.",
                "rows": [],
            }, happens
            found_without_reserve(citizen, called)
        assert citizen.faults == []
