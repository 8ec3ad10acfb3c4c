"""What browser tests of every part share: a Chromium, pages, and axe."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
#: The same engine; the first without a window's tabs and buttons, which cost more than our pages.
CHROMIUMS = ("chromium-headless-shell", "chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# No calls home: a test browser talks to the test server and to nobody else.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page at ``url`` in a context of its own, and what its console complained about."""
    context = browser.new_context(**{"locale": "en-HK", **options})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(url, wait_until="load")
        yield page, complaints
    finally:
        context.close()


def axe_faults(page: Page, *, within: str | None = None) -> list[str]:
    """Every violation axe-core finds, with the elements; [] is what a page must give.

    Run through the debugger, which the page's policy does not bind. ``within`` is the selector
    of the part to look at, the whole page without it.
    """
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "([tags, within]) => axe.run(within || document, {runOnly: {type: 'tag', values: tags},"
        " rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})",
        [AXE_TAGS, within],
    )
    return [
        f"{fault['id']}: {json.dumps([node['target'] for node in fault['nodes']])}"
        for fault in result["violations"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
