"""A round for invited volunteers, for the browser, in the platform's own data."""

from __future__ import annotations

from typing import Any


def invited(title: str) -> dict[str, Any]:
    """A public round of a product, four volunteers of one age, and nothing drawn."""
    from accounts.models import Account, Bureau
    from tests.e2e.made import STAFF
    from tests.factories.panel import volunteers
    from tests.factories.products import build, builds_of, make_product, make_round, step

    bureau = Bureau.objects.get(code="FEHD")
    by = Account.objects.get(email=STAFF["officer"])
    product = make_product(
        bureau=bureau,
        by=by,
        title=f"{title}（產品）",
        builds=[build(to_try="搵一個檔位。", known_issues="地圖較慢。")],
        summary="搵街市檔位的應用程式。",
        contact="數碼組",
        about="<p>搵街市檔位。</p>",
    )[1]
    _page, round = make_round(
        build=builds_of(product)[0],
        by=by,
        title=title,
        who="invited",
        summary="試用搵檔位。",
        contact="數碼組",
        about="<p>一分鐘內搵到檔位嗎？</p>",
        steps=[step("find", "搵魚檔", "搵最近的魚檔。")],
    )
    volunteers(4, age="65-over", devices=["tablet"])
    engagement = round.engagement
    return {"id": engagement.public_id, "paths": engagement.paths}
