"""The ground's addresses: open to everybody, and nothing can be written there."""

from typing import Any

from tests.permissions.rows import Row, everyone
from tests.permissions.world import World


def _restricted(world: World, role: str) -> dict[str, Any]:
    return {"page_view_restriction_id": 1, "page_id": 1}


def _nothing(world: World, role: str, done: bool) -> None:
    assert not done


ROWS = [
    Row("root", "GET", everyone(302)),
    Row("healthz", "GET", everyone(200)),
    Row("robots", "GET", everyone(200)),
    Row("core:about", "GET", everyone(200), kwargs=lambda world, role: {"slug": "how"}),
    Row("core:components", "GET", everyone(200)),
    Row("search:page", "GET", everyone(200)),
    Row("search:feed", "GET", everyone(200), query="?q=tree"),
    Row("search:description", "GET", everyone(200)),
    Row("page_password", "GET", everyone(404), kwargs=_restricted),
    Row("page_password", "POST", everyone(404), kwargs=_restricted, check=_nothing),
]
