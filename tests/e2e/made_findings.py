"""A product with two builds and an open round of the first, in the platform's own data."""

from __future__ import annotations

from typing import Any


def tested(title: str) -> dict[str, Any]:
    """Of the journeys' bureau, with one known finding."""
    from accounts.models import Bureau
    from core.texts import pick
    from crowdtasks.products.models import Build
    from tests.factories.findings import find
    from tests.factories.products import build, make_product, make_round, step

    bureau = Bureau.objects.get(code="FEHD")
    said = {"to_try": "預訂一個座位。", "known_issues": "地圖較慢。"}
    about = {"summary": "預訂圖書館座位。", "about": "<p>看看是否容易找到座位。</p>"}
    _page, product = make_product(
        bureau=bureau,
        title=f"{title}程式",
        builds=[build("1", **said), build("2", **said)],
        **about,
    )
    first, _second = Build.objects.filter(product=product.pk)
    steps = [step("find", "找座位", "找一個空座位。"), step("book", "預訂座位", "預訂它。")]
    _page, row = make_round(build=first, title=title, steps=steps, **about)
    find(row, happened="按預訂之後畫面一片空白", severity="hard", step=row.steps.first())
    return {
        "id": row.engagement.public_id,
        "product": product.public_id,
        "path": pick(row.engagement.paths, "zh-hant").text,
        "product_path": pick(product.paths, "zh-hant").text,
    }
