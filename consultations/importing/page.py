"""The page of an imported conversation: short, in all languages, its title left as it was."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from accounts.models import Bureau
from consultations.actions.paper import start_paper
from consultations.models import ConsultationPage
from participation.stages import today

HEADING = {"en": "About this conversation", "zh-hant": "關於這次對話"}
WORDS = (
    {
        "en": (
            "This conversation was held elsewhere and has been brought in whole: its statements, "
            "everybody's votes and what its moderators decided."
        ),
        "zh-hant": (
            "這次對話在其他平台進行，現已完整匯入：包括全部說法、每人的表態，以及原來審核員的決定。"
        ),
    },
    {
        "en": "It is over, so nothing can be added. The results count each person's last vote.",
        "zh-hant": "對話已經結束，不能再作補充。結果以每人最後一次表態計算。",
    },
)


def start_page(
    *,
    bureau: Bureau,
    title: str,
    language: str,
    key: UUID,
    slug: str,
    first: dt.datetime,
    last: dt.datetime,
) -> ConsultationPage:
    """A draft with its translations, open from the day of the first vote to that of the last."""
    # A paper begins in English or Traditional Chinese; the statements keep their own language.
    source = "en" if language == "en" else "zh-hant"
    other = "zh-hant" if source == "en" else "en"
    meant = {words[source]: words[other] for words in (HEADING, *WORDS)}
    return start_paper(
        bureau=bureau,
        title=title,
        source_language=source,
        by=None,
        translation_key=key,
        slug=slug,
        fields={"opens_on": today(first), "closes_on": today(last), "body": _body(key, source)},
        # What is not ours to translate (the title) keeps its words in both languages.
        translator=lambda sentence: meant.get(sentence, sentence),
    )


def _body(key: UUID, language: str) -> list[dict[str, Any]]:
    paragraphs = [
        {
            "type": "paragraph",
            "id": str(uuid5(key, f"paragraph-{number}")),
            "value": f"<p>{words[language]}</p>",
        }
        for number, words in enumerate(WORDS, start=1)
    ]
    value = {"heading": HEADING[language], "content": paragraphs}
    return [{"type": "chapter", "id": str(uuid5(key, "chapter")), "value": value}]
