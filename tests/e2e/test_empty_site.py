"""The site as DEMO=0 gives it, crawled in three languages: every link leads somewhere."""

from __future__ import annotations

from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import APIRequestContext, Browser

from tests.e2e.conftest import Platform

pytestmark = pytest.mark.e2e

STARTS = [f"/{language}/" for language in ("en", "zh-hant", "zh-hans")]
#: More pages than an empty site can have: the crawl itself must not run away.
MOST = 600


def _links(soup: BeautifulSoup, base: str) -> list[str]:
    found = []
    for tag, name in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
        for one in soup.find_all(tag):
            target = urljoin(base, str(one.get(name) or ""))
            parts = urlsplit(target)
            if parts.netloc == urlsplit(base).netloc:
                query = f"?{parts.query}" if parts.query else ""
                found.append(f"{parts.path}{query}")
    return found


def _blank(soup: BeautifulSoup) -> list[str]:
    """Sections, lists and headings with nothing in them."""
    return [
        f"<{part.name} class={part.get('class')}>"
        for part in soup.select("main section, main ul, main ol, main dl, main nav, h1, h2, h3")
        if not part.get_text(strip=True) and not part.find("img") and not part.has_attr("hidden")
    ]


def _headings_without_text(soup: BeautifulSoup) -> list[str]:
    """Sections that say their title and nothing else."""
    bare = []
    for part in soup.select("main section"):
        heading = part.find(["h1", "h2", "h3"])
        if heading and part.get_text(strip=True) == heading.get_text(strip=True):
            bare.append(heading.get_text(strip=True))
    return bare


def _crawl(request: APIRequestContext, url: str) -> tuple[dict[str, int], list[str]]:
    waiting, statuses, faults = deque(STARTS), dict.fromkeys(STARTS, 0), []
    while waiting:
        path = waiting.popleft()
        answer = request.get(urljoin(url, path))
        statuses[path] = answer.status
        if answer.status >= 400:
            faults.append(f"{answer.status} {path}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        soup = BeautifulSoup(answer.text(), "html.parser")
        blank = [*_blank(soup), *_headings_without_text(soup)]
        faults += [f"blank in {path}: {one}" for one in blank]
        main = soup.find("main")
        if main is None or len(main.get_text(strip=True)) < 20:
            faults.append(f"nothing to read in {path}")
        for link in _links(soup, answer.url):
            if link not in statuses:
                assert len(statuses) < MOST, "the crawl does not end"
                statuses[link] = 0
                waiting.append(link)
    return statuses, faults


def test_every_link_of_the_empty_site_leads_to_a_page_that_says_something(
    browser: Browser, empty_platform: Platform
) -> None:
    context = browser.new_context()
    try:
        statuses, faults = _crawl(context.request, empty_platform.url)
    finally:
        context.close()
    assert faults == []
    for language in ("en", "zh-hant", "zh-hans"):
        pages = [path for path in statuses if path.startswith(f"/{language}/")]
        assert len(pages) >= 12, pages
    assert not any("Traceback" in line for line in empty_platform.lines)
