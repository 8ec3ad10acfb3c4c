"""Opinion groups on a phone and a desk: nothing is read by scrolling sideways, no script needed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Platform
from tests.e2e.made import make
from tests.e2e.walker import Walker

pytestmark = pytest.mark.e2e

#: Regions that scroll sideways, by their names: [] is what a phone must give.
SIDEWAYS = """() => [...document.querySelectorAll('.hk-scroll')]
  .filter(region => region.scrollWidth > region.clientWidth)
  .map(region => region.getAttribute('aria-label'))"""


@pytest.fixture(scope="module")
def paper(platform: Platform, bureau: str) -> dict[str, Any]:
    return make(platform, "opinion_groups", title="夜市意見")


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_groups_are_read_without_scrolling_sideways(
    people: Any, paper: dict[str, Any], language: str, width: int
) -> None:
    reader: Walker = people(
        f"groups-{language}-{width}", language=language, width=width, scripts=False
    )
    reader.go(f"e/{paper['id']}/statements/groups/")
    page = reader.page
    reader.look("groups")
    assert page.evaluate(SIDEWAYS) == []
    rows = page.locator(".hk-by-group tbody tr")
    assert rows.count() >= 9
    first = rows.first
    labels = first.locator(".hk-stack__label")
    assert labels.first.is_visible() is (width == 390)
    if width == 390:
        # Each figure stands under the one before, beside its column's name.
        tops = [cell.bounding_box()["y"] for cell in first.locator("td").all()]
        assert tops == sorted(set(tops))
        assert all(box["x"] >= 0 for box in (cell.bounding_box() for cell in rows.all()))
    # Read aloud it is a table still, whatever it looks like.
    assert page.get_by_role("table").nth(1).get_by_role("row").count() == rows.count() + 1
    assert first.get_by_role("cell").count() == 3
