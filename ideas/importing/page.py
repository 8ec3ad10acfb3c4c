"""The page of an imported contest: short, in all languages, its title left as it was."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from accounts.models import Bureau
from ideas.actions.contest import KIND
from ideas.models import ContestPage
from participation import faces
from participation.stages import today

#: The page's own words, by field.
WORDS = {
    "summary": {
        "en": "Ideas that people proposed elsewhere, with what was said about them there.",
        "zh-hant": "市民在其他平台提出的點子，連同當時的討論。",
    },
    "brief": {
        "en": (
            "These ideas were handed in on another platform and have been brought in whole: their "
            "texts, how many people supported each of them there, and the discussion. It is over, "
            "so nothing can be added."
        ),
        "zh-hant": (
            "這些點子在其他平台提交，現已完整匯入：包括內容、當時每個點子的支持人數，以及討論。"
            "活動已經結束，不能再作補充。"
        ),
    },
    "eligibility": {
        "en": "Who could take part was decided where the ideas were handed in.",
        "zh-hant": "參加資格由原來的平台決定。",
    },
    "terms": {
        "en": "The licence of the source applies; it is named on this page.",
        "zh-hant": "適用來源的授權條款，詳見本頁所列。",
    },
}


def start_page(
    *,
    bureau: Bureau,
    title: str,
    key: UUID,
    slug: str,
    first: dt.datetime,
    last: dt.datetime,
) -> ContestPage:
    """A draft with its translation, open from the day of the first idea to that of the last word.

    Raises Invalid for a title that cannot be.
    """
    english = {name: words["en"] for name, words in WORDS.items()}
    chinese = {words["en"]: words["zh-hant"] for words in WORDS.values()}
    page: ContestPage = faces.start(
        kind=KIND,
        bureau=bureau,
        title=title,
        source_language="en",
        by=None,
        translation_key=key,
        slug=slug,
        fields={
            **english,
            "brief": f"<p>{english['brief']}</p>",
            "opens_on": today(first),
            "closes_on": today(last),
        },
        # The title is not ours to translate: it keeps its words.
        translator={**chinese, title: title}.get,
    )
    return page
